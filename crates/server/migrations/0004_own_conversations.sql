-- What a technician has to do, however much they have closed.

CREATE INDEX conversation_own ON conversation (assignee_id, technician_activity_at, id)
    WHERE status <> 'closed';
