//! Pieces of SQL that one conversation, lists and the feed share.

/// The columns of a `ConversationRow`; the argument names whose last activity counts.
macro_rules! conversation_columns {
    ($activity:literal) => {
        concat!(
            "c.id, c.ticket_number, c.status, c.label, c.subject, c.requester_id,
             r.name AS requester_name, c.organization_id, o.name AS organization_name,
             c.device_id, d.name AS device_name, d.kind AS device_kind,
             d.model AS device_model, d.serial AS device_serial,
             c.assignee_id, a.name AS assignee_name, a.role AS assignee_role,
             c.created_at, c.",
            $activity,
            " AS last_activity_at, c.closed_at,
             c.closed_by_id, b.name AS closed_by_name, b.role AS closed_by_role "
        )
    };
}

/// What those columns come from.
macro_rules! conversation_tables {
    () => {
        "conversation c
         JOIN account r ON r.id = c.requester_id
         JOIN organization o ON o.id = c.organization_id
         LEFT JOIN device d ON d.id = c.device_id
         LEFT JOIN account a ON a.id = c.assignee_id
         LEFT JOIN account b ON b.id = c.closed_by_id "
    };
}

/// Columns and tables of an `ItemRow` for the reader `$1`, by that side's activity and numbers.
/// Of unread lines it is enough to know that there are a thousand.
macro_rules! item_select {
    ($activity:literal, $seq:literal) => {
        concat!(
            "SELECT ",
            conversation_columns!($activity),
            ", COALESCE(k.seq, 0) AS read_seq,
             (SELECT COUNT(*) FROM (SELECT 1 FROM message u
                WHERE u.conversation_id = c.id AND u.",
            $seq,
            " > COALESCE(k.seq, 0) AND u.kind <> 'update' AND u.author_id <> $1
                LIMIT 1000) AS unread) AS unread_count,
             p.author_id AS preview_author_id, pa.name AS preview_author_name,
             pa.role AS preview_author_role, p.body AS preview_body, p.created_at AS preview_at
             FROM ",
            conversation_tables!(),
            "LEFT JOIN read_marker k ON k.conversation_id = c.id AND k.account_id = $1
             LEFT JOIN message p ON p.id = (SELECT l.id FROM message l
                WHERE l.conversation_id = c.id AND l.kind <> 'update' AND l.",
            $seq,
            " IS NOT NULL ORDER BY l.",
            $seq,
            " DESC LIMIT 1)
             LEFT JOIN account pa ON pa.id = p.author_id "
        )
    };
}

/// The columns of a `MessageRow`, by that side's numbers.
macro_rules! message_columns {
    ($seq:literal) => {
        concat!(
            "m.id AS message_id, m.conversation_id AS message_conversation_id, m.",
            $seq,
            " AS message_seq, m.kind AS message_kind,
             m.author_id, w.name AS author_name, w.role AS author_role, m.body,
             m.update_kind, m.update_technician_id, t.name AS update_technician_name,
             t.role AS update_technician_role, m.update_status, m.update_text,
             m.created_at AS message_created_at, m.received_at, m.read_at "
        )
    };
}

pub(crate) use message_columns;
