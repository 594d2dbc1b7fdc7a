//! Which names of std a source file uses, for a rule that no run can check.

/// Every path of the file that begins with `std::` or `core::`, without that: `sync::Mutex`. Groups are
/// taken apart; comments are skipped. A glob ends in `*`.
pub(crate) fn paths_from_std(source: &str) -> Vec<String> {
    let code = without_comments(source);
    let mut paths = Vec::new();
    for root in ["std::", "core::"] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_') {
                expand("", &code[at + root.len()..], &mut paths);
            }
        }
    }
    paths
}

fn without_comments(source: &str) -> String {
    let lines = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let mut code: String = lines.flat_map(|line| [line, "\n"]).collect();
    while let Some(start) = code.find("/*") {
        let end = code[start..]
            .find("*/")
            .map_or(code.len(), |end| start + end + 2);
        code.replace_range(start..end, "");
    }
    code
}

/// Adds the paths of the use tree at the beginning of `tree`, and gives what is left of the text.
fn expand<'a>(prefix: &str, tree: &'a str, paths: &mut Vec<String>) -> &'a str {
    let tree = tree.trim_start();
    if let Some(mut group) = tree.strip_prefix('{') {
        loop {
            group = group.trim_start().trim_start_matches(',').trim_start();
            if let Some(rest) = group.strip_prefix('}') {
                return rest;
            }
            let rest = expand(prefix, group, paths);
            if rest.len() == group.len() {
                return rest;
            }
            // What is left may begin with `as name`.
            group = rest.find([',', '}']).map_or("", |next| &rest[next..]);
        }
    }
    let end = tree
        .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*')
        .unwrap_or(tree.len());
    let (name, rest) = tree.split_at(end);
    let path = format!("{prefix}{name}");
    match rest.strip_prefix("::") {
        Some(deeper) if !name.is_empty() => expand(&format!("{path}::"), deeper, paths),
        _ => {
            paths.push(path);
            rest
        }
    }
}

/// Remarks on a file that takes its locks from std, and not from the grader's `crate::sync`.
///
/// Advises `bypassed-seam`.
#[allow(dead_code, reason = "not every grader has a mutex of its own")]
pub(crate) fn advise_locks_of_the_course(rec: &course::Recorder, source: &str) {
    let paths = paths_from_std(source);
    if let Some(path) = paths.iter().find(|path| leads_to_a_lock(path)) {
        rec.advise(
            "bypassed-seam",
            format!(
                "the file uses `std::{path}`. A lock from there works, but nobody can try what happens \
                 between two of them. Take `Mutex` from `crate::sync`"
            ),
        );
    }
}

/// Whether this path from std leads to a lock, or to a module with locks in it.
fn leads_to_a_lock(path: &str) -> bool {
    let mut names = path.split("::");
    names.next() == Some("sync")
        && matches!(
            names.next(),
            None | Some("self" | "*" | "Mutex" | "RwLock" | "Condvar")
        )
}
