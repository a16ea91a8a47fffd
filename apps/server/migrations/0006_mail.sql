-- What is sent by mail, what the server said of it, and who wants none.

-- The outbox. One mail for each (kind, subject, number), so that a reminder is another mail and a retry is not.
create table mails (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- What it is about: `invitation` and the invitation's id. `number` counts the mails about it from 0.
  kind text not null,
  subject_id uuid not null,
  number smallint not null,
  from_name text not null,
  recipient text not null,
  -- What a letter from one person to others has besides: `Letter` of the outbox. Null: a mail to one recipient.
  letter jsonb,
  -- Whose servers take it: the pace is theirs. A letter by a server of its own waits for that one alone.
  domain text not null generated always as (coalesce('server ' || (letter ->> 'server'),
    lower(split_part(recipient, '@', 2)))) stored,
  -- The same at every attempt.
  message_id text not null,
  subject text not null,
  -- Null when they have been forgotten.
  text text,
  html text,
  headers jsonb not null default '{}',
  -- Somebody waits for it: sent before all that are not, whatever the pace.
  urgent boolean not null default false,
  -- What opens an account is for its recipient alone, and forgotten once it is sent.
  secret boolean not null default false,
  -- Members read it; all others go to customers.
  to_members boolean not null default false,
  -- Never sent afterwards.
  expires_at timestamptz,
  created_at timestamptz not null,
  due_at timestamptz not null,
  -- When it was last handed to the mail server, and by which process.
  claimed_at timestamptz,
  claimed_by integer,
  attempts smallint not null default 0,
  sent_at timestamptz,
  -- Whether it went out is not known. Never sent again by itself.
  uncertain_at timestamptz,
  failed_at timestamptz,
  -- It was not handed to a server, because its subject did not want it any more.
  called_off boolean not null default false,
  -- What the mail server said last, or why nothing was said to it.
  reply text,
  -- Since when no mail at all leaves by its server; null once the server has said anything of this one.
  hindered_since timestamptz,
  state text not null generated always as (case
    when sent_at is not null then 'sent'
    when failed_at is not null then 'failed'
    when uncertain_at is not null then 'uncertain'
    when claimed_by is not null then 'sending'
    else 'waiting' end) stored,
  primary key (workspace_id, id),
  unique (workspace_id, kind, subject_id, number)
);
select protect_tenant_table('mails');
create index mails_state on mails (workspace_id, state, id desc);
create index mails_readers on mails (workspace_id, to_members, id desc);
create index mails_recipient on mails (workspace_id, recipient, kind, created_at);
create index mails_failed on mails (workspace_id, failed_at) where failed_at is not null and not called_off;
create index mails_next on mails (workspace_id, due_at, domain)
  where state = 'waiting' and not urgent and letter is null;
create index mails_letters on mails (workspace_id, due_at, domain) where state = 'waiting' and letter is not null;
create index mails_urgent on mails (workspace_id, due_at) where state = 'waiting' and urgent;
create index mails_hindered on mails (workspace_id, hindered_since)
  where hindered_since is not null and sent_at is null and failed_at is null and uncertain_at is null;
create index mails_claimed on mails (claimed_by, workspace_id) where state = 'sending';
create index mails_kept on mails (workspace_id, created_at) where text is not null;

-- Addresses that are not written to, whatever happens. Of the module people.
create table suppressions (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  address text not null check (address = lower(address)),
  reason text not null check (reason in ('unsubscribed', 'bounced', 'complained', 'by_hand', 'imported')),
  at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, address)
);
select protect_tenant_table('suppressions');
-- By how an address begins, and by why it is there; newest first is the primary key.
create index suppressions_address on suppressions (workspace_id, address collate "C");
create index suppressions_reason on suppressions (workspace_id, reason, id desc);

-- In which workspaces something is due, those that have waited longest first. Nothing of the demo is ever mailed.
create function due_workspaces(p_kind text, p_at timestamptz) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public as $$
begin
  case p_kind
  -- Each workspace is asked by itself: what one cannot send now stands in nobody's way.
  when 'mails' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select m.due_at from mails m where m.workspace_id = w.workspace_id and m.state = 'waiting' and not m.urgent
        and m.letter is null and m.due_at <= p_at order by m.due_at limit 1) d
    where w.kind <> 'demo' order by d.due_at;
  when 'letters' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select m.due_at from mails m where m.workspace_id = w.workspace_id and m.state = 'waiting' and m.letter is not null
        and m.due_at <= p_at order by m.due_at limit 1) d
    where w.kind <> 'demo' order by d.due_at;
  when 'urgent_mails' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select m.due_at from mails m where m.workspace_id = w.workspace_id and m.state = 'waiting' and m.urgent
        and m.due_at <= p_at order by m.due_at limit 1) d
    where w.kind <> 'demo' order by d.due_at;
  when 'invitations' then return query
    select d.workspace_id from (select i.workspace_id, i.due_at from invitations i
      where i.state = 'waiting' and i.due_at <= p_at order by i.due_at limit 1000) d group by 1 order by min(d.due_at);
  when 'reminders' then return query
    select d.workspace_id from (select i.workspace_id, i.next_reminder_at as due_at from invitations i
      where i.state = 'sent' and i.next_reminder_at is not null and i.next_reminder_at <= p_at
      order by i.next_reminder_at limit 1000) d group by 1 order by min(d.due_at);
  when 'expiries' then return query
    select d.workspace_id from (select i.workspace_id, i.expires_at as due_at from invitations i
      where i.state in ('sent', 'uncertain') and i.expires_at <= p_at
      order by i.expires_at limit 1000) d group by 1 order by min(d.due_at);
  when 'digests' then return query
    select d.workspace_id from (select s.workspace_id, s.digest_due_at as due_at from notice_settings s
      where s.digest_due_at <= p_at order by s.digest_due_at limit 1000) d group by 1 order by min(d.due_at);
  when 'collected_notices' then return query
    select d.workspace_id from (select c.workspace_id, c.due_at from collected_notices c
      where c.due_at <= p_at order by c.due_at limit 1000) d group by 1 order by min(d.due_at);
  when 'replies' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select m.send_at from ticket_messages m where m.workspace_id = w.workspace_id and m.send_at <= p_at
        order by m.send_at limit 1) d
    order by d.send_at;
  when 'effort_watches' then return query
    select e.workspace_id from effort_watches e where e.due_at <= p_at order by e.due_at limit 1000;
  when 'snoozes' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select t.snoozed_until from tickets t where t.workspace_id = w.workspace_id and t.snoozed_until <= p_at
      order by t.snoozed_until limit 1) d order by d.snoozed_until;
  when 'closings' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select t.solved_at from tickets t where t.workspace_id = w.workspace_id and t.status = 'solved' and t.solved_at <= p_at - interval '28 days'
      order by t.solved_at limit 1) d order by d.solved_at;
  when 'unowned_tickets' then return query
    select d.workspace_id from (select u.workspace_id, u.due_at from unowned_watches u
      where u.due_at <= p_at order by u.due_at limit 1000) d group by 1 order by min(d.due_at);
  when 'readers' then return query
    select distinct r.workspace_id from ticket_readers r where r.until <= p_at;
  when 'search_words' then return query
    select w.workspace_id from workspaces w
    where exists (select from search_word_changes c where c.workspace_id = w.workspace_id);
  when 'ticket_words' then return query
    select w.workspace_id from workspaces w
    where exists (select from ticket_word_changes c where c.workspace_id = w.workspace_id);
  when 'article_schedules' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select s.due_at from article_schedules s where s.workspace_id = w.workspace_id and s.due_at <= p_at
      order by s.due_at limit 1) d order by d.due_at;
  when 'episodes' then return query
    select w.workspace_id from workspaces w cross join lateral (
      select e.last_at from episodes e where e.workspace_id = w.workspace_id and e.last_at <= p_at - interval '72 hours'
      order by e.last_at limit 1) d order by d.last_at;
  -- From eight in the morning of the day.
  when 'article_review_days' then return query
    select w.workspace_id from workspaces w where exists (select from articles a
      where a.workspace_id = w.workspace_id and a.review_told_at is null
        and a.review_on <= ((p_at - interval '8 hours') at time zone w.time_zone)::date);
  else raise exception 'nothing is due by the name %', p_kind;
  end case;
end $$;
revoke all on function due_workspaces(text, timestamptz) from public;
grant execute on function due_workspaces(text, timestamptz) to lahko_app;

-- Where mails are in the hands of a process that lives no longer: each holds the advisory lock (19791, its number).
create function orphaned_mails() returns table (workspace_id uuid, claimed_by integer)
language sql stable security definer set search_path = pg_catalog, public as $$
  select distinct m.workspace_id, m.claimed_by from mails m
  where m.state = 'sending' and not exists (
    select from pg_locks l where l.locktype = 'advisory' and l.granted and l.classid = 19791
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and l.objid = m.claimed_by::bigint::oid)
$$;
revoke all on function orphaned_mails() from public;
grant execute on function orphaned_mails() to lahko_app;
