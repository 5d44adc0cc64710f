//! Any mix of faults, one after the other, as chance has it: in the end both sides have the same.

use std::time::Duration;

use deskbell_messenger::Signal;
use deskbell_messenger::command::Command;
use deskbell_messenger::view::Phase;
use deskbell_protocol::ConversationId;
use deskbell_testing::effort::effort;
use deskbell_testing::network::Fate;
use deskbell_testing::random::Random;

use crate::people::{Employee, Scene, eventually};

/// How many stories are played, two beside each other.
const STORIES: [u32; 2] = [10, 400];
/// What happens in one: few enough that a chat's newest page holds all that is written.
const STEPS: u32 = 40;
/// Frames that chance rules over.
const FRAMES: u32 = 6;

/// REC-13.
#[tokio::test]
async fn whatever_happens_in_between_both_sides_have_the_same_in_the_end() {
    let mut random = Random::seeded().unwrap();
    for pair in 0..effort(STORIES[0], STORIES[1]) / 2 {
        eprintln!("stories {} and {}", 2 * pair, 2 * pair + 1);
        tokio::join!(story(random.fork()), story(random.fork()));
    }
}

async fn story(random: Random) {
    let mut story = Story::begin(random).await;
    for _ in 0..STEPS {
        story = story.step().await;
    }
    story.end().await;
}

/// A chat and all that befalls it.
struct Story {
    scene: Scene,
    employee: Employee,
    random: Random,
    id: ConversationId,
    asked: Vec<String>,
    answered: Vec<String>,
}

impl Story {
    async fn begin(random: Random) -> Self {
        let scene = Scene::new().await;
        let employee = scene.employee().await;
        let id = employee.start("Help").await;
        employee.all_sent().await;
        scene.take(id).await;
        Self {
            scene,
            employee,
            random,
            id,
            asked: vec!["Help".to_owned()],
            answered: vec![],
        }
    }

    async fn step(mut self) -> Self {
        let network = &self.scene.network;
        match self.random.below(16) {
            0..=3 => self.ask().await,
            4..=6 => self.answer().await,
            7 => network.cut(),
            8 | 9 => network.restore(),
            10 => network.break_connections(),
            11 => network.delay(Duration::from_millis(self.random.below(30))),
            12 => network.cut_after(self.random.below(4_000)),
            13 => network.eat_answers("/messages", 1),
            14 => self.spoil_frames(),
            _ => return self.upset().await,
        }
        self
    }

    async fn ask(&mut self) {
        let text = format!("question {}", self.asked.len());
        self.employee.send(self.id, &text).await;
        self.asked.push(text);
    }

    async fn answer(&mut self) {
        let text = format!("answer {}", self.answered.len());
        self.scene.reply(self.id, &text).await;
        self.answered.push(text);
    }

    /// The next frames are lost, doubled, late, or the last ones.
    fn spoil_frames(&mut self) {
        let (mut random, mut left) = (self.random.fork(), FRAMES);
        self.scene.network.judge_frames(move |_| {
            left = left.saturating_sub(1);
            let fates = [Fate::Pass, Fate::Drop, Fate::Twice, Fate::Late, Fate::Cut];
            let fate = random.one_of(&fates).filter(|_| left > 0);
            fate.copied().unwrap_or(Fate::Pass)
        });
    }

    /// One of the larger things: nothing arrives until the computer wakes, or a side ends hard.
    async fn upset(mut self) -> Self {
        match self.random.below(3) {
            0 => {
                self.scene.network.fall_silent();
                self.employee.signal(Signal::Woke);
            }
            1 => {
                self.employee = self.employee.restart().await;
                let known = "it knows who is signed in";
                let phase = |app: &deskbell_messenger::view::AppView| {
                    matches!(app.phase, Phase::SignedIn { .. })
                };
                self.employee.until(known, phase).await;
            }
            _ => self.scene = self.scene.restart_server().await,
        }
        self
    }

    /// With all faults gone, everything is where it belongs: once, in order, on both sides.
    async fn end(mut self) {
        let network = &self.scene.network;
        network.judge_frames(|_| Fate::Pass);
        network.delay(Duration::ZERO);
        network.restore();
        network.break_connections();
        self.employee.done(Command::ConnectNow {}).await;
        self.answer().await;
        self.employee.all_sent().await;
        let stored = self.scene.stored(self.id).await;
        eventually("both sides have the same", async || {
            self.employee.texts(self.id).await == stored
        })
        .await;
        let of = |kind: &str| -> Vec<String> {
            let lines = stored.iter().filter(|line| line.starts_with(kind));
            lines.cloned().collect()
        };
        assert_eq!(stored.first(), self.asked.first());
        assert_eq!(of("question"), self.asked[1..], "in order and once");
        assert_eq!(of("answer"), self.answered, "in order and once");
        assert_eq!(stored.len(), self.asked.len() + self.answered.len());
    }
}
