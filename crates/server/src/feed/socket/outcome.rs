//! How a socket ends, and frames that several places make.

use deskbell_protocol::{ConversationId, ServerFrame};

use crate::feed::Inner;
use crate::feed::queue::Frame;

/// Why a connection is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// We close it, with this code.
    Close(u16),
    /// The peer closed it, or is gone.
    Gone,
}

/// Who looks at the conversation now, for all technicians.
pub fn viewing(inner: &Inner, conversation_id: ConversationId) -> Option<Frame> {
    let technicians = inner.presence.onlookers(conversation_id);
    aside(&ServerFrame::Viewing {
        conversation_id,
        technicians,
    })
}

/// A frame that is not stored.
pub fn aside(frame: &ServerFrame) -> Option<Frame> {
    serde_json::to_string(frame)
        .ok()
        .map(|text| Frame::Aside(text.into()))
}
