//! Every wording of the packs is held by an example.

use etalon::pack::{Pack, embedded_ids};
use etalon::wordings::{Depth, unheld_of_all};

#[test]
fn removing_any_one_wording_makes_an_example_fail() {
    let load = |id: &str| {
        Pack::embedded(id)
            .unwrap_or_else(|| panic!("there is a pack {id}"))
            .unwrap_or_else(|errors| panic!("{id}: {errors:?}"))
    };
    let packs: Vec<Pack> = embedded_ids().into_iter().map(load).collect();
    let unheld = unheld_of_all(&packs, Depth::Phrases, 2).expect("examples can be read");
    let named: Vec<String> = unheld
        .iter()
        .map(|one| format!("{}:{} {}", one.path, one.line, one.phrase))
        .collect();
    assert!(named.is_empty(), "no example holds\n{}", named.join("\n"));
}
