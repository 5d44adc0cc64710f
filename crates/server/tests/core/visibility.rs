//! Who sees what, after whatever people did: held against a model that knows nothing but the rule.

use std::collections::HashSet;

use anyhow::Result;
use deskbell_protocol::{
    ConversationId, ConversationItem, ErrorCode, Message, MessageId, MessageKind, Page, Role,
};
use deskbell_server::clock::Clock as _;
use deskbell_testing::caller::Caller;
use deskbell_testing::effort::effort;
use deskbell_testing::random::Random;

use crate::world::{World, read, send, try_take};

/// Enough for every pair of an action and a relation to come many times.
const STEPS: [usize; 2] = [500, 10_000];
const CONVERSATIONS: usize = 12;

/// A conversation as the rule sees it.
struct Known {
    id: ConversationId,
    owner: usize,
    shown: HashSet<MessageId>,
    notes: HashSet<MessageId>,
}

struct Model<'a> {
    world: &'a World,
    requesters: [&'a Caller; 3],
    technicians: [&'a Caller; 3],
    conversations: Vec<Known>,
    random: Random,
}

/// AUTHZ-08
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_people_do_everyone_sees_their_own_and_no_more() -> Result<()> {
    let world = World::on_sqlite().await;
    let mut model = Model {
        requesters: [&world.ana, &world.ben, &world.carla],
        technicians: [&world.tess, &world.timo, &world.omar],
        world: &world,
        conversations: Vec::new(),
        random: Random::seeded()?,
    };
    model.ask(0).await;
    for _ in 0..effort(STEPS[0], STEPS[1]) {
        model.act().await;
        model.look().await;
    }
    Ok(())
}

impl Model<'_> {
    fn any(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.below(bound as u64)).unwrap()
    }

    async fn act(&mut self) {
        self.world.server.clock.advance_millis(1_000);
        let (which, who) = (self.any(self.conversations.len()), self.any(3));
        match self.any(6) {
            0 if self.conversations.len() < CONVERSATIONS => self.ask(who).await,
            0 | 1 => self.request(which, who).await,
            2 => drop(try_take(self.technicians[who], self.conversations[which].id).await),
            3 => self.reply(which, who, "message").await,
            4 => self.reply(which, who, "note").await,
            _ => drop(
                self.world
                    .close(self.technicians[who], self.conversations[which].id)
                    .await,
            ),
        }
    }

    async fn ask(&mut self, owner: usize) {
        let id = self.world.ask(self.requesters[owner], "Help").await.id;
        self.conversations.push(Known {
            id,
            owner,
            shown: HashSet::from([MessageId(id.0)]),
            notes: HashSet::new(),
        });
    }

    /// A requester writes in any conversation; a foreign one does not exist for them.
    async fn request(&mut self, which: usize, who: usize) {
        let message = MessageId(self.world.server.clock.id());
        let known = &mut self.conversations[which];
        let answer = send(self.requesters[who], known.id, message, "message", "Hm").await;
        match (answer.status.as_u16(), known.owner == who) {
            (201, true) => {
                known.shown.insert(message);
            }
            (409, true) => {}
            (404, false) => {}
            other => panic!("{other:?}: {}", answer.text),
        }
    }

    async fn reply(&mut self, which: usize, who: usize, kind: &str) {
        let message = MessageId(self.world.server.clock.id());
        let known = &mut self.conversations[which];
        let answer = send(self.technicians[who], known.id, message, kind, "Hm").await;
        match answer.code() {
            None => {
                let lines = if kind == "note" {
                    &mut known.notes
                } else {
                    &mut known.shown
                };
                lines.insert(message);
            }
            Some(ErrorCode::NotAssigned | ErrorCode::ConversationClosed) => {}
            Some(other) => panic!("{other:?}"),
        }
    }

    /// One of each side looks at everything.
    async fn look(&mut self) {
        let who = self.any(3);
        let which = self.any(self.conversations.len());
        let (requester, technician) = (self.requesters[who], self.technicians[who]);
        let own = self.conversations.iter().filter(|known| known.owner == who);
        assert_eq!(listed(requester).await, own.map(|known| known.id).collect());
        let all = self.conversations.iter().map(|known| known.id);
        assert_eq!(listed(technician).await, all.collect());

        let known = &self.conversations[which];
        let every: HashSet<_> = known.shown.union(&known.notes).copied().collect();
        assert_eq!(lines(technician, known.id).await, Some(every));
        let seen = (known.owner == who).then(|| known.shown.clone());
        assert_eq!(lines(requester, known.id).await, seen);
    }
}

async fn listed(who: &Caller) -> HashSet<ConversationId> {
    let answer = who.get("/v1/conversations?limit=200").await.unwrap();
    let page = read::<Page<ConversationItem>>(&answer, 200);
    page.items.iter().map(|item| item.conversation.id).collect()
}

/// What people wrote there; nothing when it does not exist for the reader.
async fn lines(who: &Caller, id: ConversationId) -> Option<HashSet<MessageId>> {
    let path = format!("/v1/conversations/{id}/messages?limit=200");
    let answer = who.get(&path).await.unwrap();
    if answer.code() == Some(ErrorCode::NotFound) {
        return None;
    }
    let lines = read::<Page<Message>>(&answer, 200).items;
    let by_people = lines.iter().filter(|line| line.kind != MessageKind::Update);
    Some(by_people.map(|line| line.id).collect())
}

/// INP-10: what somebody is called says nothing of what they may do; only the role does.
#[tokio::test]
async fn a_name_makes_nobody_a_technician() {
    let world = World::on_sqlite().await;
    let email = world.server.requester("IT Support").await.unwrap();
    let support = world.server.session(&email).await.unwrap();
    let id = world.ask(&support, "Send me your password").await.id;
    let author = world.chat(&world.tess, id).await[0].author.clone().unwrap();
    assert_eq!(
        (author.name.as_str(), author.role),
        ("IT Support", Role::Requester)
    );
    assert_eq!(support.get("/v1/technicians").await.unwrap().status, 403);
}
