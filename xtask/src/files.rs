//! Files: written whole or not at all, copied, and read with one kind of line ending.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use anyhow::Context as _;

/// Writes a file by way of a temporary one beside it, so that nobody ever sees half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let half = temporary(folder)?;
    fs::write(&half, bytes)
        .and_then(|()| fs::rename(&half, path))
        .inspect_err(|_| drop(fs::remove_file(&half)))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// A name in a folder that no file has, and that no other call will choose.
pub(crate) fn temporary(folder: &Path) -> anyhow::Result<PathBuf> {
    // Relaxed: the counter hands out numbers, it publishes nothing.
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    loop {
        let name = format!(".{}-{}", std::process::id(), NEXT.fetch_add(1, Relaxed));
        let path = folder.join(name);
        // A killed call may have left one behind, and the system may have given its number again.
        if !path
            .try_exists()
            .with_context(|| format!("cannot look into {}", folder.display()))?
        {
            return Ok(path);
        }
    }
}

/// Writes a file unless it has this content already: cargo then sees nothing new.
pub(crate) fn write_if_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    match fs::read(path) {
        Ok(old) if old == bytes => Ok(()),
        _ => write(path, bytes),
    }
}

/// Makes a folder and those above it.
pub(crate) fn make_folder(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Reads a text file, with `\n` at the end of each line whatever the checkout has.
pub(crate) fn read_text(path: &Path) -> anyhow::Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The bytes with `\n` for every `\r\n`.
pub(crate) fn unix_lines(bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(index + 1) != Some(&b'\n') {
            lines.push(*byte);
        }
    }
    lines
}

/// Every file under a folder, in order of name, and nothing where the folder does not exist.
pub(crate) fn tree(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry
                .with_context(|| format!("cannot list {}", folder.display()))?
                .path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Makes one folder hold what another holds. Files that are equal already stay untouched.
pub(crate) fn mirror(from: &Path, to: &Path) -> anyhow::Result<()> {
    let wanted = tree(from)?;
    for file in tree(to)? {
        let inside = file.strip_prefix(to).expect("the tree lies in its folder");
        if !wanted.contains(&from.join(inside)) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    for file in wanted {
        let inside = file
            .strip_prefix(from)
            .expect("the tree lies in its folder");
        write_if_new(&to.join(inside), &read(&file)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::unix_lines;

    #[test]
    fn only_the_line_ending_changes() {
        assert_eq!(unix_lines(b"a\r\nb\rc\n\r"), b"a\nb\rc\n\r");
    }
}
