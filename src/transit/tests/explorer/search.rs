//! The search: every state that can be reached is visited once, and every step out of it is taken.
//!
//! The number of faults is raised one by one, so that what is found first has the fewest. With a limit of faults each
//! run ends: a try costs one, and nothing but a try begins anew.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::rc::Rc;

use super::fault::{Event, Stage};
use super::plan::Plan;
use super::sabotage::Sabotage;
use super::world::World;

/// What was covered.
#[derive(Debug, Default)]
pub struct Covered {
    pub states: usize,
    pub transitions: usize,
    /// Runs in which the next hop has a message more often than once, by their ends.
    pub duplicates: usize,
    pub ends: usize,
    /// How often each fault was tried at each stage.
    pub tried: BTreeMap<(&'static str, Stage), usize>,
}

/// The way to a state.
struct Trail {
    event: Event,
    before: Option<Rc<Trail>>,
}

/// Explores a plan. The error is a run that breaks a promise.
pub fn explore(plan: Plan, sabotage: Option<Sabotage>) -> Result<Covered, String> {
    let mut covered = Covered::default();
    for faults in 0..=plan.faults {
        covered = Search::new(sabotage).run(Plan { faults, ..plan })?;
    }
    Ok(covered)
}

struct Search {
    sabotage: Option<Sabotage>,
    known: HashSet<u64>,
    covered: Covered,
    waiting: Vec<(World, Option<Rc<Trail>>)>,
}

impl Search {
    fn new(sabotage: Option<Sabotage>) -> Search {
        Search { sabotage, known: HashSet::new(), covered: Covered::default(), waiting: Vec::new() }
    }

    fn run(mut self, plan: Plan) -> Result<Covered, String> {
        let world = World::new(plan, self.sabotage)?;
        self.known.insert(world.fingerprint());
        self.waiting.push((world, None));
        while let Some((world, trail)) = self.waiting.pop() {
            self.covered.states += 1;
            if self.covered.states > LIMIT {
                return Err(told("more states than there can be", trail.as_deref()));
            }
            let events = world.events();
            if events.is_empty() {
                self.end(&world).map_err(|broken| told(&broken, trail.as_deref()))?;
            }
            for event in events {
                self.step(world.clone(), event, &trail)?;
            }
            for fault in world.faults() {
                *self.covered.tried.entry((fault.word(), world.stage())).or_default() += 1;
                self.step(world.clone(), Event::Fault(fault), &trail)?;
            }
        }
        Ok(self.covered)
    }

    fn step(&mut self, mut world: World, event: Event, trail: &Option<Rc<Trail>>) -> Result<(), String> {
        self.covered.transitions += 1;
        let trail = Trail { event, before: trail.clone() };
        world.apply(event).map_err(|broken| told(&broken, Some(&trail)))?;
        if self.known.insert(world.fingerprint()) {
            self.waiting.push((world, Some(Rc::new(trail))));
        }
        Ok(())
    }

    /// Nothing can happen any more without a fault: then the sender knows of each recipient what became of it.
    fn end(&mut self, world: &World) -> Result<(), String> {
        if world.link.is_some() || !world.sender.is_satisfied() {
            return Err(format!("stuck: {:?}", world.sender));
        }
        self.covered.ends += 1;
        self.covered.duplicates += usize::from(world.taken.iter().any(|taken| *taken > 1));
        Ok(())
    }
}

fn told(broken: &str, trail: Option<&Trail>) -> String {
    let mut steps = Vec::new();
    let mut at = trail;
    while let Some(Trail { event, before }) = at {
        steps.push(event);
        at = before.as_deref();
    }
    let mut text = format!("{broken}\n");
    for (number, step) in steps.iter().rev().enumerate() {
        let _ = writeln!(text, "  {number:3} {step:?}");
    }
    text
}

/// More than any plan has: the search does not end.
const LIMIT: usize = 5_000_000;

impl Drop for Trail {
    /// By hand: a long way would be dropped by as deep a recursion.
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(trail) = next {
            next = Rc::try_unwrap(trail).ok().and_then(|mut trail| trail.before.take());
        }
    }
}
