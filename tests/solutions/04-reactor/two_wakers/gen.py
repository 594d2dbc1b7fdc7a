sk=open('skeleton.rs').read(); rf=open('reference.rs').read()
skb=sk[sk.index("use std::collections"):]; rfb=rf[rf.index("use std::collections"):]
import re
def strip_docs(s):
    # candidates carry no docs: the skeleton has them
    out=[]
    for l in s.split('\n'):
        if re.match(r'\s*///',l): continue
        out.append(l)
    return '\n'.join(out)
def write(name, expect, doc, base, *reps):
    s=strip_docs(base)
    for a,b in reps:
        a=strip_docs(a) if '///' in a else a
        assert a in s,(name,a)
        s=s.replace(a,b)
    open(name+'.rs','w').write(f"// expect: {expect}\n//! "+doc.strip().replace("\n","\n//! ")+"\n\n"+s)
TAKE="""            for direction in [Direction::Read, Direction::Write] {
                if event.signals.intersects(direction.signals()) {
                    wakers.extend(both[direction as usize].take());
                }
            }
"""
# right ones
write('right-by-socket-and-direction','pass','One map, whose key is the socket together with the direction.',rfb,
 ("waiting: Mutex<HashMap<usize, [Option<Waker>; 2]>>","waiting: Mutex<HashMap<(usize, Direction), Waker>>"),
 ("        self.shared\n            .waiting\n            .lock()\n            .unwrap()\n            .insert(id, [None, None]);\n","") if "        self.shared\n            .waiting" in rfb else ("        self.shared.waiting.lock().unwrap().insert(id, [None, None]);\n",""),
 ("""            let Some(both) = waiting.get_mut(&event.id) else {
                continue;
            };
"""+TAKE,"""            for direction in [Direction::Read, Direction::Write] {
                if event.signals.intersects(direction.signals()) {
                    wakers.extend(waiting.remove(&(event.id, direction)));
                }
            }
"""),
 ("""        let both = waiting.entry(self.id).or_default();
        let previous = both[direction as usize].replace(waker);
""","""        let previous = waiting.insert((self.id, direction), waker);
"""),
 ("        let wakers = shared.waiting.lock().unwrap().remove(&self.id);\n        drop(wakers);","""        let mut waiting = shared.waiting.lock().unwrap();
        let read = waiting.remove(&(self.id, Direction::Read));
        let write = waiting.remove(&(self.id, Direction::Write));
        drop(waiting);
        drop((read, write));"""))
write('right-wakes-both','pass','Every event wakes whoever waits for the socket: one of them looks for nothing, and waits again.',rfb,
 (TAKE,"            wakers.extend(both.iter_mut().filter_map(Option::take));\n"),("use reactor::{Direction, Event","use reactor::{Direction, Event"))
write('right-will-wake','pass','Leaves a waker where it is if the new one would wake the same task.',rfb,
 ("""        let waker = waker.clone();
        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
""","""        let mut waiting = self.sockets.shared.waiting.lock().unwrap();
"""),
 ("""        let previous = both[direction as usize].replace(waker);
""","""        let place = &mut both[direction as usize];
        let same = place.as_ref().is_some_and(|before| before.will_wake(waker));
        let previous = if same {
            None
        } else {
            place.replace(waker.clone())
        };
"""))
write('right-drops-under-lock','pass with advice drops-under-lock','Two places, and the earlier waker is dropped by the assignment, while the map is locked.',rfb,
 ("""        let previous = both[direction as usize].replace(waker);
        drop(waiting);
        drop(previous);
""","""        both[direction as usize] = Some(waker);
"""))
write('right-remembers-events','pass','''Two places, and a mark in each: an event that finds nobody is remembered, and who comes to wait tries
once more if there is such a mark.''',rfb,
 ("HashMap<usize, [Option<Waker>; 2]>","HashMap<usize, [Side; 2]>"),
 ("struct Shared {","#[derive(Default)]\nstruct Side {\n    waker: Option<Waker>,\n    ready: bool,\n}\n\nstruct Shared {"),
 ("insert(id, [None, None])","insert(id, Default::default())"),
 ("wakers.extend(both[direction as usize].take());","both[direction as usize].ready = true;\n                    wakers.extend(both[direction as usize].waker.take());"),
 ("""        let tried = attempt(operation(&self.source));
        if tried.is_ready() {
            return tried;
        }
        self.wait(direction, cx.waker());
        // An event that came before the waker was there has woken nobody.
        attempt(operation(&self.source))
""","""        loop {
            let tried = attempt(operation(&self.source));
            if tried.is_ready() || self.waits(direction, cx.waker()) {
                return tried;
            }
        }
"""),
 ("    fn wait(&self, direction: Direction, waker: &Waker) {","    fn waits(&self, direction: Direction, waker: &Waker) -> bool {"),
 ("let previous = both[direction as usize].replace(waker);","let side = &mut both[direction as usize];\n        let ready = std::mem::take(&mut side.ready);\n        let previous = side.waker.replace(waker);"),
 ("        drop(previous);\n","        drop(previous);\n        !ready\n"))
# wrong ones
write('wrong-first-come','fail overwritten-wake','Does not overwrite any more: whoever comes first has the place, and the second is not kept (S4-06; the first of smoltcp #964).'.replace("; the first of smoltcp #964",""),skb,
 ("""        let previous = waiting.insert(self.id, Some(waker));
        drop(waiting);
        drop(previous);
""","""        waiting.entry(self.id).or_default().get_or_insert(waker);
"""))
write('wrong-hands-over','fail busy-wake','Wakes the one whose place it takes, so that he comes back: and takes the place again. The two keep each other busy.',skb,
 ("        drop(previous);\n","""        if let Some(previous) = previous.flatten() {
            previous.wake();
        }
"""))
write('wrong-hands-over-to-others','fail busy-wake','Wakes the one whose place it takes, if that is another task (S4-06).',skb,
 ("        let waker = waker.clone();\n",""),("insert(self.id, Some(waker));","insert(self.id, Some(waker.clone()));"),
 ("        drop(previous);\n","""        if let Some(previous) = previous.flatten()
            && !previous.will_wake(waker)
        {
            previous.wake();
        }
"""))
write('wrong-keeps-them-all','fail wait-per-poll','A list for each socket, and every poll adds its waker: everybody is woken, and a socket on which nothing happens grows.',skb,
 ("HashMap<usize, Option<Waker>>","HashMap<usize, Vec<Waker>>"),("insert(id, None)","insert(id, Vec::new())"),
 ("            if let Some(waker) = waiting.get_mut(&event.id) {\n                wakers.extend(waker.take());\n","            if let Some(all) = waiting.get_mut(&event.id) {\n                wakers.append(all);\n"),
 ("        let previous = waiting.insert(self.id, Some(waker));\n        drop(waiting);\n        drop(previous);\n","        waiting.entry(self.id).or_default().push(waker);\n"),
 )
write('wrong-list-of-tasks','fail keeps-task-alive','A list for each socket, in which no task is twice: a task that polls no more stays in it, whoever has taken its place.',skb,
 ("HashMap<usize, Option<Waker>>","HashMap<usize, Vec<Waker>>"),("insert(id, None)","insert(id, Vec::new())"),
 ("            if let Some(waker) = waiting.get_mut(&event.id) {\n                wakers.extend(waker.take());\n","            if let Some(all) = waiting.get_mut(&event.id) {\n                wakers.append(all);\n"),
 ("        let previous = waiting.insert(self.id, Some(waker));\n        drop(waiting);\n        drop(previous);\n","""        let all = waiting.entry(self.id).or_default();
        if !all.iter().any(|known| known.will_wake(&waker)) {
            all.push(waker);
        }
"""))
write('wrong-two-in-turn','fail overwritten-wake','Two places, for the last two that polled: a reader that polls twice takes both.',skb,
 ("HashMap<usize, Option<Waker>>","HashMap<usize, [Option<Waker>; 2]>"),("insert(id, None)","insert(id, [None, None])"),
 ("            if let Some(waker) = waiting.get_mut(&event.id) {\n                wakers.extend(waker.take());\n","            if let Some(both) = waiting.get_mut(&event.id) {\n                wakers.extend(both.iter_mut().filter_map(Option::take));\n"),
 ("        let previous = waiting.insert(self.id, Some(waker));\n","        let both = waiting.entry(self.id).or_default();\n        both.swap(0, 1);\n        let previous = both[0].replace(waker);\n"))
write('wrong-keeps-the-first','fail stale-waker','Two places; and a waker that is there stays there (S2-01 class).',rfb,
 ("        let previous = both[direction as usize].replace(waker);\n        drop(waiting);\n        drop(previous);\n","        both[direction as usize].get_or_insert(waker);\n"))
write('wrong-takes-both','fail lost-wakeup','Two places; an event takes both wakers, and wakes the one that it is for.',rfb,
 (TAKE,"""            for direction in [Direction::Read, Direction::Write] {
                let waker = both[direction as usize].take();
                if event.signals.intersects(direction.signals()) {
                    wakers.extend(waker);
                }
            }
"""))
write('wrong-either-or','fail lost-wakeup','Two places; an event that speaks of both directions wakes the reader alone.',rfb,
 (TAKE,"""            let direction = if event.signals.intersects(Direction::Read.signals()) {
                Direction::Read
            } else {
                Direction::Write
            };
            wakers.extend(both[direction as usize].take());
"""))
write('wrong-deaf-to-the-end','fail lost-wakeup','Two places; readable wakes the reader, and writable the writer. The end of a connection is neither.',rfb,
 ("event.signals.intersects(direction.signals())","event.signals.contains(wanted)"),
 ("            for direction in [Direction::Read, Direction::Write] {","            let pairs = [\n                (Direction::Read, Signals::READABLE),\n                (Direction::Write, Signals::WRITABLE),\n            ];\n            for (direction, wanted) in pairs {"))
write('wrong-only-exact-events','fail lost-wakeup','Two places; compares the signals for equality, so an event with more than one of them is nobody\'s.',rfb,
 ("event.signals.intersects(direction.signals())","event.signals == wanted"),
 ("            for direction in [Direction::Read, Direction::Write] {","            let pairs = [\n                (Direction::Read, Signals::READABLE),\n                (Direction::Write, Signals::WRITABLE),\n            ];\n            for (direction, wanted) in pairs {"))
write('wrong-other-place','fail lost-wakeup','Two places, and the writer leaves its waker where the reader is looked for.',rfb,
 ("self.poll_io(Direction::Read, cx, read)","self.poll_io(Direction::Write, cx, read)"),
 ("self.poll_io(Direction::Write, cx, write)","self.poll_io(Direction::Read, cx, write)"))
write('wrong-one-pair-for-all','fail lost-wakeup','Two places; but two for all sockets together.',rfb,
 ("let both = waiting.entry(self.id).or_default();","let both = waiting.entry(0).or_default();"),
 ("waiting.get_mut(&event.id)","waiting.get_mut(&0)"))
write('wrong-second-map-is-forgotten','fail keeps-task-alive','A second map, for the writers: and the socket\'s end clears the first one only (S4-15 class).',skb,
 ("    waiting: Mutex<HashMap<usize, Option<Waker>>>,\n","    waiting: Mutex<HashMap<usize, Waker>>,\n    writers: Mutex<HashMap<usize, Waker>>,\n"),
 ("            waiting: Mutex::default(),\n","            waiting: Mutex::default(),\n            writers: Mutex::default(),\n"),
 ("        self.shared.waiting.lock().unwrap().insert(id, None);\n",""),
 ("""        let mut waiting = self.shared.waiting.lock().unwrap();
        for event in events {
            if let Some(waker) = waiting.get_mut(&event.id) {
                wakers.extend(waker.take());
            }
        }
        drop(waiting);
""","""        let mut waiting = self.shared.waiting.lock().unwrap();
        let mut writers = self.shared.writers.lock().unwrap();
        for event in events {
            if event.signals.intersects(Direction::Read.signals()) {
                wakers.extend(waiting.remove(&event.id));
            }
            if event.signals.intersects(Direction::Write.signals()) {
                wakers.extend(writers.remove(&event.id));
            }
        }
        drop((waiting, writers));
"""),
 ("use reactor::{Event","use reactor::{Direction, Event"),
 ("self.poll_io(cx, read)","self.poll_io(&self.sockets.shared.waiting, cx, read)"),
 ("self.poll_io(cx, write)","self.poll_io(&self.sockets.shared.writers, cx, write)"),
 ("    fn poll_io<R>(\n        &self,\n","    fn poll_io<R>(\n        &self,\n        place: &Mutex<HashMap<usize, Waker>>,\n"),
 ("self.wait(cx.waker());","self.wait(place, cx.waker());"),
 ("fn wait(&self, waker: &Waker) {","fn wait(&self, place: &Mutex<HashMap<usize, Waker>>, waker: &Waker) {"),
 ("        let mut waiting = self.sockets.shared.waiting.lock().unwrap();\n        let previous = waiting.insert(self.id, Some(waker));\n        drop(waiting);\n","        let previous = place.lock().unwrap().insert(self.id, waker);\n"))
write('wrong-wakes-under-lock','fail wakes-under-lock','Two places; and each waker is woken where it is found, while the map is locked (S2-16 class).',rfb,
 ("        let mut wakers = Vec::new();\n",""),
 ("wakers.extend(both[direction as usize].take());","if let Some(waker) = both[direction as usize].take() {\n                        waker.wake();\n                    }"),
 ("        drop(waiting);\n        for waker in wakers {\n            waker.wake();\n        }\n",""))
write('wrong-tries-once','fail check-then-register','Two places; the second try looked superfluous, now that both are woken (S4-05).',rfb,
 ("        let tried = attempt(operation(&self.source));\n        if tried.is_ready() {\n            return tried;\n        }\n        self.wait(direction, cx.waker());\n        // An event that came before the waker was there has woken nobody.\n        attempt(operation(&self.source))\n",
  "        let tried = attempt(operation(&self.source));\n        if tried.is_pending() {\n            self.wait(direction, cx.waker());\n        }\n        tried\n"))
write('wrong-one-for-reading-only','fail overwritten-wake','A place for the reader, and the old one for whoever comes: the reader is kept in both.',rfb,
 ("self.poll_io(Direction::Write, cx, write)","self.poll_io(Direction::Read, cx, write)"),
 (TAKE,"            wakers.extend(both[0].take());\n            wakers.extend(both[1].take());\n"))
