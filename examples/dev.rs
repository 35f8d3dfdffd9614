//! dev
use etalon::pack::Pack;
fn main() {
    let id = std::env::args().nth(1).unwrap();
    match Pack::embedded(&id).unwrap() {
        Err(e) => { for e in e { println!("{}:{}:{} {} {} | {}", e.path, e.line, e.column, e.code, e.message.0, e.help.0); } }
        Ok(pack) => {
            match etalon::examples::run(&pack) {
                Err(e) => { for e in e { println!("{}:{}:{} {} {} | {}", e.path, e.line, e.column, e.code, e.message.0, e.help.0); } }
                Ok(r) => {
                    let bad: Vec<_> = r.iter().filter(|r| !r.is_ok()).collect();
                    for r in &bad { println!("{}:{} expected {} got {} ({}) marked {:?} found {:?} why {:?}", r.path, r.line, r.expected.name(), r.got.name(), r.reason, r.marked, r.evidence, r.why); }
                    println!("{} examples, {} bad", r.len(), bad.len());
                }
            }
        }
    }
}
