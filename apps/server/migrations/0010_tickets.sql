-- The help desk: mailboxes, every message that came into them, tickets and what is written in them.

-- Bytes that belong to a message: what is attached, and the mail as it came. In the database, so that they are written
-- with what they belong to, and one backup holds everything.
create table files (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  name text not null,
  media_type text not null,
  -- In bytes.
  size integer not null,
  content bytea not null,
  created_at timestamptz not null,
  -- Uploaded by a member and not sent yet: gone after a week.
  uploaded_by uuid,
  primary key (workspace_id, id)
);
select protect_tenant_table('files');
-- Most are compressed already.
alter table files alter column content set storage external;
create index files_unused on files (workspace_id, created_at) where uploaded_by is not null;

create table mailboxes (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- What customers see beside the address.
  name text not null,
  address text not null check (address = lower(address)),
  -- Other addresses that lead here.
  aliases text[] not null default '{}',
  -- { host, port, secure, user, folder, auth: 'password' | 'oauth2', password?, oauth? }; null: mail comes by the
  -- built-in receiver or from files.
  imap jsonb,
  -- { host, port, secure, user, password?, oauth? }; null: the server of the installation.
  smtp jsonb,
  -- { en?, sl?, nb? }
  signatures jsonb not null default '{}',
  -- Sent to whoever writes for the first time in a ticket: { en?, sl?, nb? }; null: nothing.
  confirmation jsonb,
  -- Whether its server takes name+token@; else answers come to the plain address.
  plus_addresses boolean not null default true,
  -- Whose Authentication-Results (RFC 8601) are believed: the name that the own receiver puts first; null: nobody's.
  auth_server text,
  -- With what reply tokens are signed, so that nobody can make one.
  reply_key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
  -- One more for each server or folder from which it was read: two of them may give the same numbers.
  place integer not null default 0,
  uid_validity bigint,
  last_uid bigint not null default 0,
  -- When it was last read to its end; since when it cannot be, and why.
  checked_at timestamptz,
  failing_since timestamptz,
  error text,
  -- Since when its own server for outgoing mail takes none at all, and why.
  sending_failing_since timestamptz,
  sending_error text,
  -- How many messages the server said that there are, when it was last read to its end.
  server_count integer,
  -- How many of them the ledger did not know after that: none, or something is wrong.
  missing integer not null default 0,
  -- When somebody was last told that some are missing.
  missing_told_at timestamptz,
  paused_at timestamptz,
  -- What came before then is over: solved tickets, about which nobody is told or asked.
  solved_before timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, address)
);
select protect_tenant_table('mailboxes');
create index mailboxes_received on mailboxes (address) where imap is null;
create index mailboxes_aliases on mailboxes using gin (aliases);

-- Which mailboxes are read from a server, in all workspaces; `settings` differs when they were changed.
create function mailboxes_to_read() returns table (workspace_id uuid, id uuid, settings text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select m.workspace_id, m.id, md5(m.place || ' ' || m.imap::text) from mailboxes m
  join workspaces w on w.workspace_id = m.workspace_id
  where m.imap is not null and m.paused_at is null and w.kind <> 'demo'
$$;
revoke all on function mailboxes_to_read() from public;
grant execute on function mailboxes_to_read() to lahko_app;

-- Whose mail the built-in receiver has: of two who claim an address the first. What comes for one that is paused waits.
create function mailbox_of_address(p_address text) returns table (workspace_id uuid, id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select m.workspace_id, m.id from mailboxes m join workspaces w on w.workspace_id = m.workspace_id
  where (m.address = p_address or m.aliases @> array[p_address]) and m.imap is null
    and w.kind <> 'demo'
  order by m.created_at, m.id limit 1
$$;
revoke all on function mailbox_of_address(text) from public;
grant execute on function mailbox_of_address(text) to lahko_app;

-- Each ticket has a short number in its workspace.
create table ticket_numbers (
  workspace_id uuid primary key references workspaces on delete cascade,
  last integer not null default 1000
);
select protect_tenant_table('ticket_numbers');

create table tickets (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  number integer not null,
  subject text not null,
  -- new: nobody has answered yet; open: we are to answer; waiting: the customer is; on_hold: somebody else is.
  status text not null default 'new' check (status in ('new', 'open', 'waiting', 'on_hold', 'solved', 'closed')),
  -- 0 low, 1 normal, 2 high, 3 urgent
  priority smallint not null default 1 check (priority between 0 and 3),
  owner_id uuid,
  topic text,
  channel text not null check (channel in ('email', 'form', 'portal', 'api')),
  language text,
  customer_id uuid,
  -- Through which it answers by mail; null: the first one there is.
  mailbox_id uuid,
  -- Whom its effort is asked about; see module touchpoints.
  touchpoint_id uuid,
  -- Opened again long after it was solved, it is asked about once more: the number of the touchpoint, and since when.
  -- 0: it was over before it came here, and is none.
  round smallint not null default 1,
  round_from timestamptz,
  -- Since when the one before it was, should it turn out that nothing has begun.
  earlier_round_from timestamptz,
  -- Not shown until then, or until the customer writes; 9999-12-31: not before they do.
  snoozed_until timestamptz,
  -- Since when the customer has waited for us; null when it is not our turn.
  waiting_since timestamptz,
  first_answered_at timestamptz,
  solved_at timestamptz,
  spam_at timestamptz,
  created_at timestamptz not null,
  -- When something last happened that a reader of the list should see.
  updated_at timestamptz not null,
  -- Of the newest message that is no note.
  last_message_at timestamptz,
  last_author text not null default '',
  last_excerpt text not null default '',
  message_count integer not null default 0,
  -- Whether it came from a page that knows what was tried before: see ticket_attempts.
  carried boolean not null default false,
  -- Orders by who has waited longest; whoever does not wait comes last.
  waits_from timestamptz not null generated always as (coalesce(waiting_since, 'infinity'::timestamptz)) stored,
  talked_at timestamptz not null generated always as (coalesce(last_message_at, created_at)) stored,
  -- In which list it stands: 'unsolved', 'solved', 'spam'.
  shelf text not null generated always as (case when spam_at is not null then 'spam'
    when status in ('solved', 'closed') then 'solved' else 'unsolved' end) stored,
  primary key (workspace_id, id),
  unique (workspace_id, number),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id),
  foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id)
);
select protect_tenant_table('tickets');
create index tickets_newest on tickets (workspace_id, shelf, updated_at desc, id desc);
create index tickets_owner on tickets (workspace_id, owner_id, updated_at desc, id desc) where shelf = 'unsolved';
create index tickets_waiting on tickets (workspace_id, waits_from, id) where shelf = 'unsolved';
create index tickets_priority on tickets (workspace_id, (3 - priority), waits_from, id) where shelf = 'unsolved';
create index tickets_customer on tickets (workspace_id, customer_id, updated_at desc, id desc);
create index tickets_snoozed on tickets (workspace_id, snoozed_until) where snoozed_until is not null;
create index tickets_solved on tickets (workspace_id, solved_at) where status = 'solved';
create index tickets_mailbox on tickets (workspace_id, mailbox_id) where mailbox_id is not null;
-- What customers asked, and how much of it carried an episode (module touchpoints).
create index tickets_begun on tickets (workspace_id, created_at) include (carried) where spam_at is null;
create index tickets_touchpoint on tickets (workspace_id, touchpoint_id) where touchpoint_id is not null;

-- Whoever has a ticket is known by it, and not forgotten with their last answer.
create function customers_with_tickets(p_ids uuid[]) returns setof uuid
language sql stable set search_path = pg_catalog, public as $$
  select distinct t.customer_id from tickets t
  where t.workspace_id = current_workspace() and t.customer_id = any(p_ids)
$$;

-- Merging moves nothing: a ticket shows its own messages and those of the tickets that were merged into it.
create table ticket_merges (
  workspace_id uuid not null,
  source_id uuid not null,
  target_id uuid not null,
  member_id uuid,
  at timestamptz not null,
  -- How the ticket that took it in stood until then: status, waitingSince, solvedAt, snoozedUntil.
  before jsonb not null,
  primary key (workspace_id, source_id),
  check (source_id <> target_id),
  foreign key (workspace_id, source_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, target_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_merges');
create index ticket_merges_target on ticket_merges (workspace_id, target_id);

create table ticket_messages (
  workspace_id uuid not null,
  id uuid not null,
  ticket_id uuid not null,
  -- message: from a customer; reply: to one; note: for members only; forward: to somebody outside.
  kind text not null check (kind in ('message', 'reply', 'note', 'forward')),
  channel text not null check (channel in ('email', 'form', 'portal', 'api')),
  -- Who wrote it; both null when no customer of ours did, or the product itself.
  member_id uuid,
  customer_id uuid,
  from_name text not null default '',
  from_address text not null default '',
  -- [{ name, address }]
  recipients jsonb not null default '[]',
  copies jsonb not null default '[]',
  blind_copies jsonb not null default '[]',
  subject text not null default '',
  -- All of it as plain text; what is quoted is folded for display only.
  text text not null default '',
  -- Cleaned; null when it was plain text.
  html text,
  -- RFC 5322: with the angle brackets.
  message_id text,
  in_reply_to text,
  -- Oldest first.
  reference_ids text[] not null default '{}',
  -- The mail as it came (files), and what the ledger says of it (incoming_mails).
  raw_file_id uuid,
  incoming_mail_id uuid,
  -- A message of somebody whom the desk has asked, not of the customer, who does not see it.
  outside boolean not null default false,
  -- A program wrote it: out of office, a list, a bounce.
  automatic boolean not null default false,
  -- What somebody should know before trusting it, such as 'unverified_member', 'new_participant'.
  banners text[] not null default '{}',
  -- What the own receiver's servers found: { spf, dkim, dmarc }
  authentication jsonb,
  at timestamptz not null,
  -- Not sent before: the time to take it back, or a time that was chosen. Null: it went, or it came.
  send_at timestamptz,
  -- Since then it could not be made into a mail; that is tried again at send_at.
  stuck_since timestamptz,
  -- What the ticket was before and after a reply that can still be taken back, and whose text was taken for it.
  undo jsonb,
  -- Of a text that is longer its beginning.
  searched tsvector not null generated always as (to_tsvector('simple'::regconfig, fold_words(
    subject || ' ' || from_name || ' ' || from_address || ' ' || left(text, 100000)))) stored,
  primary key (workspace_id, id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_messages');
create index ticket_messages_searched on ticket_messages using gin (workspace_id, searched);
-- Words that are in many messages and not in most are sought among the newest: messages lie about as they came.
create index ticket_messages_lately on ticket_messages using brin (at) with (pages_per_range = 32, autosummarize = on);
create index ticket_messages_newest on ticket_messages (workspace_id, at desc, id desc);
create index ticket_messages_ticket on ticket_messages (workspace_id, ticket_id, at, id);
create index ticket_messages_message_id on ticket_messages (workspace_id, md5(message_id)) where message_id is not null;
create index ticket_messages_due on ticket_messages (workspace_id, send_at) where send_at is not null;
create index ticket_messages_customer on ticket_messages (workspace_id, customer_id) where customer_id is not null;

-- Whom a reply did not reach, as a server said at once or afterwards.
create table ticket_bounces (
  workspace_id uuid not null,
  message_id uuid not null,
  address text not null,
  -- RFC 3463, such as 5.1.1
  status text,
  says text not null,
  at timestamptz not null,
  primary key (workspace_id, message_id, address),
  foreign key (workspace_id, message_id) references ticket_messages (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_bounces');

-- What was written with an Idempotency-Key: the same again is the same message.
create table ticket_write_keys (
  workspace_id uuid not null,
  -- SHA-256 of who writes and their key; of what they wrote.
  key bytea not null,
  content bytea not null,
  message_id uuid not null,
  at timestamptz not null,
  primary key (workspace_id, key),
  foreign key (workspace_id, message_id) references ticket_messages (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_write_keys');
create index ticket_write_keys_message on ticket_write_keys (workspace_id, message_id);
create index ticket_write_keys_at on ticket_write_keys (workspace_id, at);

create table ticket_attachments (
  workspace_id uuid not null references workspaces on delete cascade,
  message_id uuid not null,
  file_id uuid not null,
  position smallint not null,
  -- Shown in the text by this name; null: below it.
  content_id text,
  primary key (workspace_id, message_id, file_id),
  foreign key (workspace_id, message_id) references ticket_messages (workspace_id, id) on delete cascade,
  foreign key (workspace_id, file_id) references files (workspace_id, id)
);
select protect_tenant_table('ticket_attachments');
create index ticket_attachments_file on ticket_attachments (workspace_id, file_id);

-- What was forwarded in a forward.
create table ticket_forwards (
  workspace_id uuid not null,
  message_id uuid not null,
  forwarded_id uuid not null,
  primary key (workspace_id, message_id, forwarded_id),
  foreign key (workspace_id, message_id) references ticket_messages (workspace_id, id) on delete cascade,
  foreign key (workspace_id, forwarded_id) references ticket_messages (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_forwards');
create index ticket_forwards_forwarded on ticket_forwards (workspace_id, forwarded_id);

-- Every From, To and Cc address of a ticket that is not one of ours: who may continue it.
create table ticket_participants (
  workspace_id uuid not null,
  ticket_id uuid not null,
  address text not null check (address = lower(address)),
  name text not null default '',
  -- Takes part by what was forwarded only: whom the desk has asked.
  outside boolean not null default false,
  primary key (workspace_id, ticket_id, address),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_participants');
create index ticket_participants_address on ticket_participants (workspace_id, address, ticket_id);

create table ticket_tags (
  workspace_id uuid not null,
  ticket_id uuid not null,
  -- In the order of bytes, so that those that begin alike stand together.
  tag text collate "C" not null,
  primary key (workspace_id, ticket_id, tag),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_tags');
create index ticket_tags_tag on ticket_tags (workspace_id, tag, ticket_id);

-- By hand 'related': two about the same; 'causes': the first is why there is the second. By itself 'split': the second was a message of the first; 'continues': after it was closed;
-- 'stranger': somebody who is no participant answered one of its mails.
create table ticket_links (
  workspace_id uuid not null,
  ticket_id uuid not null,
  other_id uuid not null,
  kind text not null check (kind in ('related', 'causes', 'split', 'continues', 'stranger')),
  at timestamptz not null,
  primary key (workspace_id, ticket_id, other_id, kind),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_links');
create index ticket_links_other on ticket_links (workspace_id, other_id);

-- What subjects and custom fields were before a change and after it, and whose customers asked: what people write stands
-- in no event, and goes with what it was written in.
create table ticket_wordings (
  workspace_id uuid not null,
  event_id uuid not null,
  ticket_id uuid not null,
  -- { subject?: [from, to], fields?: { id: [from, to] }, organisation?: [from, to] }
  words jsonb not null,
  primary key (workspace_id, event_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_wordings');
create index ticket_wordings_ticket on ticket_wordings (workspace_id, ticket_id);

-- Members who are told of what happens in a ticket that is not theirs.
create table ticket_followers (
  workspace_id uuid not null,
  ticket_id uuid not null,
  member_id uuid not null,
  primary key (workspace_id, ticket_id, member_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_followers');

-- When whoever chose it is told that nobody has had a ticket for long. Gone as soon as somebody has it.
create table unowned_watches (
  workspace_id uuid not null,
  ticket_id uuid not null,
  member_id uuid not null,
  -- The fact since which nobody has it: each is told once.
  event_id uuid not null,
  -- How long that is, as the member had chosen it by then.
  minutes integer not null,
  due_at timestamptz not null,
  primary key (workspace_id, ticket_id, member_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('unowned_watches');
create index unowned_watches_due on unowned_watches (due_at, workspace_id);
create index unowned_watches_next on unowned_watches (workspace_id, due_at);
create index unowned_watches_member on unowned_watches (workspace_id, member_id);
create index ticket_followers_member on ticket_followers (workspace_id, member_id);

-- What a member is writing, kept as they write. { kind, text, recipients, copies, blindCopies, fileIds, macroId? … }
create table ticket_drafts (
  workspace_id uuid not null,
  ticket_id uuid not null,
  member_id uuid not null,
  content jsonb not null,
  updated_at timestamptz not null,
  primary key (workspace_id, ticket_id, member_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_drafts');

-- Who has a ticket open, until when if they say nothing more.
create unlogged table ticket_readers (
  workspace_id uuid not null,
  ticket_id uuid not null,
  member_id uuid not null,
  writes boolean not null,
  until timestamptz not null,
  primary key (workspace_id, ticket_id, member_id)
);
select protect_tenant_table('ticket_readers');

-- Whom Next has served a ticket, until when if they do not have it open by then: one each, whatever others ask meanwhile.
create unlogged table ticket_claims (
  workspace_id uuid not null,
  ticket_id uuid not null,
  -- A member, or a key.
  holder_id uuid not null,
  until timestamptz not null,
  primary key (workspace_id, ticket_id)
);
select protect_tenant_table('ticket_claims');

-- What the desk does by itself; without a row nothing of it.
create table desk_rules (
  workspace_id uuid primary key references workspaces on delete cascade,
  -- A message that is nothing but thanks leaves a solved ticket solved.
  thanks_stay_solved boolean not null default false
);
select protect_tenant_table('desk_rules');

-- For whom of several members an answer about a ticket counts, since when; before the first for who solved it. A ticket
-- goes by what held when it was over, so that a change rewrites nothing.
create table agent_rules (
  workspace_id uuid not null references workspaces on delete cascade,
  since timestamptz not null,
  rule text not null check (rule in ('solved', 'wrote_most', 'owned_longest')),
  primary key (workspace_id, since)
);
select protect_tenant_table('agent_rules');

-- Lists that members put together: { shelf?, status?, owner?, … } as the API's list takes it.
create table ticket_views (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  name text not null,
  -- Null: everybody's.
  member_id uuid,
  filter jsonb not null,
  sort text not null default 'newest',
  position integer not null default 0,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_views');
create index ticket_views_order on ticket_views (workspace_id, position, id);

-- Canned answers, with what else is done when one is used.
create table macros (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  name text not null,
  -- Null: everybody's.
  member_id uuid,
  -- { en?, sl?, nb? } with variables such as {customer.name|there}
  texts jsonb not null default '{}',
  -- { status?, priority?, tags?, topic?, assignToMe? }
  actions jsonb not null default '{}',
  used integer not null default 0,
  used_at timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('macros');
create index macros_name on macros (workspace_id, name, id);

-- Whose mail is set aside: an address, or with an @ before it a domain with all below it.
create table blocked_senders (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  sender text not null check (sender = lower(sender)),
  -- Who blocked it; null: a key.
  member_id uuid,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, sender),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete set null (member_id)
);
select protect_tenant_table('blocked_senders');
create index blocked_senders_member on blocked_senders (workspace_id, member_id) where member_id is not null;

-- Each message seen in a mailbox: it became a message of a ticket, was recognised as a repeat, or was set aside.
create table incoming_mails (
  workspace_id uuid not null,
  id uuid not null,
  mailbox_id uuid not null,
  -- In which order they came: an answer is judged after what it answers.
  position bigint not null generated always as identity,
  -- Of the server; null when it came by the receiver or from a file.
  place integer not null default 0,
  uid_validity bigint,
  uid bigint,
  -- SHA-256 of what stays the same in every copy.
  fingerprint bytea not null,
  raw_file_id uuid,
  size integer not null,
  sender text not null default '',
  subject text not null default '',
  outcome text not null default 'waiting' check (outcome in ('waiting', 'kept', 'repeat', 'bounce', 'set_aside')),
  -- Why it was set aside.
  reason text,
  -- Because of which blocked sender it was set aside.
  blocked_id uuid,
  -- Of a bounce: RFC 3463, such as 5.1.1, and what the server said.
  status text,
  says text,
  ticket_id uuid,
  message_id uuid,
  received_at timestamptz not null,
  -- Whoever brought it says that it is over, whenever it came.
  past boolean not null default false,
  judged_at timestamptz,
  -- How often reading it was begun and never came to an end.
  tries smallint not null default 0,
  -- Of what its server does not give: when it is asked for once more, and how often it was.
  retry_at timestamptz,
  retries smallint not null default 0,
  primary key (workspace_id, id),
  unique (workspace_id, mailbox_id, place, uid_validity, uid),
  foreign key (workspace_id, mailbox_id) references mailboxes (workspace_id, id) on delete cascade,
  foreign key (workspace_id, blocked_id) references blocked_senders (workspace_id, id) on delete set null (blocked_id)
);
select protect_tenant_table('incoming_mails');
create index incoming_mails_blocked on incoming_mails (workspace_id, blocked_id) where blocked_id is not null;
create unique index incoming_mails_once on incoming_mails (workspace_id, mailbox_id, fingerprint) where outcome <> 'repeat';
create index incoming_mails_outcome on incoming_mails (workspace_id, mailbox_id, outcome, id desc);
create index incoming_mails_waiting on incoming_mails (workspace_id, mailbox_id, position) where outcome = 'waiting';
create index incoming_mails_message on incoming_mails (workspace_id, message_id) where message_id is not null;
-- What is to be erased: what an address sent, and every copy of it.
create index incoming_mails_sender on incoming_mails (workspace_id, sender);
create index incoming_mails_repeats on incoming_mails (workspace_id, mailbox_id, fingerprint) where outcome = 'repeat';
create index incoming_mails_retry on incoming_mails (workspace_id, mailbox_id, retry_at) where retry_at is not null;
create index incoming_mails_newest on incoming_mails (workspace_id, id desc);

-- What happened to one ticket.
create index events_of_tickets on events (workspace_id, subject_id, id desc)
  where type >= 'ticket.' and type < 'ticket/';
