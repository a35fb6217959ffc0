//! Which device a push goes to: by its path, its name, its number, or because it is waited for.

use crate::script::{Asked, Bound, place, play, push_by_pap, request, tell};

#[tokio::test]
async fn two_devices_are_pushed_to_side_by_side() {
    let steps = "- hook: {call: push-document, device: a}\n\
                 - hook: {call: push-document, device: b}\n\
                 - await: {device: b}\n- await: {device: a}\n";
    let played = play(steps, async |asked| push_by_pap(&asked).await)
        .run()
        .await;
    let devices: Vec<_> = played
        .arrived()
        .iter()
        .map(|unit| (unit.0, unit.1))
        .collect();
    assert_eq!(devices, [(2, "b"), (3, "a")]);
    assert_eq!(played.waited(), None);
    let links = played.links();
    assert_ne!(links[0], links[1]);
}

#[tokio::test]
async fn a_push_to_another_path_goes_where_its_address_is() {
    let act = async |asked: Asked| {
        let (host, _) = place(asked.gateway());
        tell(host, &request("/gateway", "1", "0015550102", None)).await
    };
    let steps = "- hook: {call: push-document, device: a}\n- await: {device: b}\n";
    let played = play(steps, act).run().await;
    assert_eq!(played.arrived()[0].1, "b");
}

#[tokio::test]
async fn a_push_for_nobody_goes_to_the_one_that_waits() {
    let act = async |asked: Asked| {
        let (host, _) = place(asked.gateway());
        tell(host, &request("/pap/nobody", "1", "+1999", None)).await
    };
    let steps = "- hook: {call: push-document, device: b}\n- await: {device: b}\n";
    let played = play(steps, act).run().await;
    assert_eq!(played.arrived()[0].1, "b");
}

#[tokio::test]
async fn a_push_to_another_address_still_comes_to_the_door_that_it_knocked_at() {
    let act = async |asked: Asked| {
        let (host, path) = place(asked.gateway());
        tell(host, &request(&path, "1", "+15550102", None)).await
    };
    let steps = "- hook: {call: push-document, device: a}\n- await: {}\n";
    let played = play(steps, act).run().await;
    assert_eq!(played.arrived()[0].1, "a");
}

#[tokio::test]
async fn a_centre_routes_by_number_whoever_bound_by_another_name() {
    let act = async |asked: Asked| {
        let mut bound = Bound::new(asked.gateway(), "kannel").await;
        let taken = bound
            .submit("+15550102", &[0x06, 0x05, 4, 0x0B, 0x84, 0x23, 0xF0, 1])
            .await;
        format!("{:?}", taken.map(|pdu| pdu.status))
    };
    let steps = "- hook: {call: push-document, device: a}\n- await: {device: b}\n";
    let played = play(steps, act).carrier("smpp").run().await;
    // The bind came to nobody in particular, and goes with what followed it.
    let devices: Vec<_> = played.arrived().iter().map(|unit| unit.1).collect();
    assert_eq!(devices, ["b", "b"]);
}
