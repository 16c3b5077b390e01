//! The floor in each kind of run, and every fault of a relay that a measurement must find.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::message;
use crate::scenario::Mail;
use crate::verify;

fn floor(proof: Proof) -> Stage {
    let signet = Path::new("none");
    let contenders = &[Name::Floor];
    let needs = Needs {
        signet,
        proof,
        contenders,
        connections: 3,
        tenants: 1,
        people: 1,
        by_address: false,
        lease_seconds: 5,
        database: None,
        directory: None,
    };
    Stage::start(&needs).unwrap()
}

fn load(stage: &Stage, mail: &Mail, framing: Framing) -> Load {
    let templates = message::templates(mail, stage.proof, framing).unwrap().into();
    let mut load = stage.load(Name::Floor, framing, &templates).unwrap();
    (load.connections, load.messages, load.lasts) = (3, 20, Duration::from_secs(30));
    load
}

#[test]
fn every_message_arrives_once_in_each_kind_of_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.eml");
    std::fs::write(&file, "From: a\nMessage-ID: <x@y>\n\n.\n..\nend\n").unwrap();
    for (proof, framing) in
        [(Proof::Network, Framing::Data), (Proof::Network, Framing::Bdat), (Proof::Microsoft, Framing::Bdat)]
    {
        let stage = floor(proof);
        let kept = load(&stage, &Mail::Files(vec![folder.path().to_owned()]), framing);
        let rate = Load { messages_per_second: Some(1e4), lasts: Duration::from_millis(2), ..kept.clone() };
        let each = Load { messages_per_connection: Some(3), ..kept.clone() };
        let ramp = Load { ramp: Duration::from_millis(5), ..kept.clone() };
        for (load, wanted) in [(kept, 20), (each, 20), (ramp, 20)] {
            assert_eq!(stage.measure(Name::Floor, &load).unwrap().messages, wanted);
        }
        // As many as were due in that time, whatever it took to send them.
        assert_eq!(stage.measure(Name::Floor, &rate).unwrap().messages, 20);
    }
}

#[test]
fn a_message_lost_or_doubled_or_another_one_is_found() {
    let stage = floor(Proof::Network);
    let load = load(&stage, &Mail::Octets(5_500), Framing::Data);
    let outcome = generator::run(&load).unwrap();
    stage.conserve(Name::Floor, &outcome).unwrap();
    let lost = stage.conserve(Name::Floor, &outcome).unwrap_err();
    assert!(lost.to_string().contains("20 messages were accepted") && lost.to_string().contains("0 arrived"), "{lost}");
    let mut outcome = generator::run(&load).unwrap();
    outcome.samples[0].id = u64::MAX;
    let other = stage.conserve(Name::Floor, &outcome).unwrap_err();
    assert!(other.to_string().contains("20 arrived, but not the same"), "{other}");
    let mut outcome = generator::run(&load).unwrap();
    outcome.samples.pop();
    assert!(stage.conserve(Name::Floor, &outcome).is_err());
}

#[test]
fn a_relay_that_does_not_sign_is_found_out() {
    let stage = floor(Proof::Network);
    let mail = Mail::Octets(5_500);
    let load = load(&stage, &mail, Framing::Data);
    verify::look(&stage, Name::Postfix, &load, &mail, &mut report::Report::default()).unwrap();
    let error = verify::look(&stage, Name::Signet, &load, &mail, &mut report::Report::default()).unwrap_err();
    assert!(error.to_string().contains("not exactly one stamp"), "{error}");
}

#[test]
fn without_signet_there_is_nothing_to_measure() {
    let signet = Path::new("none");
    let needs = Needs {
        signet,
        proof: Proof::Network,
        contenders: &[Name::Floor, Name::Haproxy, Name::Signet],
        connections: 1,
        tenants: 1,
        people: 1,
        by_address: false,
        lease_seconds: 5,
        database: None,
        directory: None,
    };
    let error = Stage::start(&needs).err().unwrap();
    assert!(error.to_string().contains("build it first"), "{error}");
}
