-- Whom a workspace asks, and what became of each touchpoint.

-- In the order of their places the first programme that fits decides, so that a touchpoint has one fate.
create table programmes (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  name text not null,
  place integer not null,
  state text not null default 'off' check (state in ('on', 'off')),
  survey_id uuid not null,
  -- All hold: [{ attribute, is: 'anyOf' | 'noneOf' | 'present' | 'absent', values }]. `kind` is an attribute too.
  conditions jsonb not null default '[]',
  delay_minutes integer not null default 60 check (delay_minutes between 0 and 90 * 1440),
  -- In the customer's time zone: { from: 'HH:MM', until: 'HH:MM', days: [1 … 7] }, Monday first; null is any time.
  hours jsonb,
  -- Of the touchpoints that fit; drawn by a hash of this seed and the touchpoint's id.
  share double precision not null default 1 check (share > 0 and share <= 1),
  seed text not null,
  -- Days after the mail before, at most two.
  reminder_days smallint[] not null default '{}' check (cardinality(reminder_days) <= 2),
  -- After the first mail.
  expires_days smallint not null default 14 check (expires_days between 1 and 60),
  -- { attribute, per: 'day' | 'week' | 'month', most }: so many invitations for each of its values; null is any number.
  quota jsonb,
  -- What its mails say instead of what Lahko says by itself, by language: `programmeTexts` of the contract.
  texts jsonb not null default '{}',
  created_at timestamptz not null,
  -- When its waiting invitations were called off last: it went off, or was removed while it was on.
  called_off_at timestamptz,
  -- A removed one is listed nowhere and decides nothing; the ledger and its rates still name it.
  removed_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('programmes');
create index programmes_survey on programmes (workspace_id, survey_id);

-- Rules over all programmes; a workspace without a row has the defaults.
create table asking_rules (
  workspace_id uuid primary key references workspaces on delete cascade,
  -- Not again within so many days, over all surveys; 0 is no rule.
  person_days smallint not null default 30 check (person_days between 0 and 365),
  organisation_days smallint not null default 0 check (organisation_days between 0 and 365),
  -- Nobody is asked while another touchpoint of theirs has begun and not ended.
  spare_open_problems boolean not null default true,
  -- Frequent touchpoints leave place for rare ones.
  fair_share boolean not null default true
);
select protect_tenant_table('asking_rules');

-- What people said they want to be asked: not about one survey, or about none before a moment. Who wants nothing at
-- all is among the suppressions.
create table asking_preferences (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  customer_id uuid not null,
  -- Null is any survey.
  survey_id uuid,
  -- Null is for good.
  until timestamptz,
  at timestamptz not null,
  primary key (workspace_id, id),
  unique nulls not distinct (workspace_id, customer_id, survey_id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('asking_preferences');
create index asking_preferences_survey on asking_preferences (workspace_id, survey_id) where survey_id is not null;

-- The ledger: one row for each touchpoint that ended and was decided about. Facts are moments; the state follows.
create table invitations (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- Null when it has been forgotten; its fate stays in the funnel.
  touchpoint_id uuid,
  -- When the touchpoint ended, as it knows it now; null while it goes on after somebody was written to.
  ended_at timestamptz,
  -- The kind of the touchpoint and the value that a quota counts.
  kind text not null,
  quota_value text,
  programme_id uuid,
  survey_id uuid,
  customer_id uuid,
  -- To which organisation they belonged then, and what it was called.
  organisation_id uuid,
  organisation text,
  language text,
  -- The touchpoint's outcome, topic and channel as they were then: who did not answer is told apart by them.
  attributes jsonb not null default '{}',
  decided_at timestamptz not null,
  -- The rule that says why nobody was asked; `notAskedRules` of the contract names them in their order. Whoever had
  -- answered already was not asked either.
  not_asked text,
  -- When it was called off with its programme, together with what else waited then.
  called_off_at timestamptz,
  due_at timestamptz,
  -- The capability of its link, SHA-256.
  token_hash bytea,
  queued_at timestamptz,
  claimed_at timestamptz,
  uncertain_at timestamptz,
  sent_at timestamptz,
  expires_at timestamptz,
  reminders_sent smallint not null default 0,
  next_reminder_at timestamptz,
  bounced_at timestamptz,
  replied_at timestamptz,
  unsubscribed_at timestamptz,
  answered_at timestamptz,
  response_id uuid,
  expired_at timestamptz,
  state text not null generated always as (case
    when answered_at is not null then 'answered'
    when unsubscribed_at is not null then 'unsubscribed'
    when bounced_at is not null then 'bounced'
    when expired_at is not null then 'expired'
    when sent_at is not null then 'sent'
    when uncertain_at is not null then 'uncertain'
    when claimed_at is not null then 'sending'
    when not_asked is not null then 'not_asked'
    when queued_at is not null then 'queued'
    else 'waiting' end) stored,
  primary key (workspace_id, id),
  unique (workspace_id, touchpoint_id),
  foreign key (workspace_id, programme_id) references programmes (workspace_id, id) on delete set null (programme_id)
);
select protect_tenant_table('invitations');
-- Most lines have no link, and no place in this.
create unique index invitations_token on invitations (workspace_id, token_hash) where token_hash is not null;
-- The funnel of some days counts states here, without a look at the lines themselves.
create index invitations_newest on invitations (workspace_id, decided_at desc, id desc) include (state, not_asked);
create index invitations_state on invitations (workspace_id, state, decided_at desc, id desc);
create index invitations_rule on invitations (workspace_id, not_asked, decided_at desc, id desc)
  where not_asked is not null;
create index invitations_programme on invitations (workspace_id, programme_id, decided_at desc, id desc);
create index invitations_kind on invitations (workspace_id, kind, decided_at desc, id desc);
-- What waits again when a programme is brought back.
create index invitations_called_off on invitations (workspace_id, programme_id, called_off_at)
  where called_off_at is not null;
-- All lines of a customer. With nothing else in the key, PostgreSQL keeps a customer once and a few bytes for each line.
create index invitations_customer on invitations (workspace_id, customer_id);
-- What a person or an organisation has been asked, the last to be due first: the rules of fatigue look here.
create index invitations_person on invitations (workspace_id, customer_id, due_at desc nulls last)
  include (programme_id) where not_asked is null and customer_id is not null;
create index invitations_organisation on invitations (workspace_id, organisation_id, due_at desc nulls last)
  include (programme_id) where not_asked is null and organisation_id is not null;
-- Which programmes asked last, and how often this one has asked about a value.
create index invitations_asked on invitations (workspace_id, decided_at desc, id desc) include (programme_id)
  where not_asked is null;
create index invitations_quota on invitations (workspace_id, programme_id, quota_value, decided_at)
  where not_asked is null and quota_value is not null;
-- Whom a survey asked, by the moment of sending.
create index invitations_sent on invitations (workspace_id, survey_id, sent_at) include (bounced_at, answered_at)
  where sent_at is not null;
-- About which touchpoints a survey could be, by the moment when they ended.
create index invitations_served on invitations (workspace_id, survey_id, ended_at)
  where touchpoint_id is not null and survey_id is not null;
-- What is due at a time.
create index invitations_due on invitations (due_at, workspace_id) where state = 'waiting';
create index invitations_reminders on invitations (next_reminder_at, workspace_id)
  where state = 'sent' and next_reminder_at is not null;
create index invitations_expiring on invitations (expires_at, workspace_id) where state in ('sent', 'uncertain');

-- Lines are written while their touchpoints are locked, with the customers that these have: neither can go before the
-- lines are there to be seen by whoever removes them. Foreign keys would look at each line by itself, and write in the
-- row of each customer.
create function forget_touchpoints_of_lines() returns trigger language plpgsql as $$
begin
  update invitations i set touchpoint_id = null from gone g
  where i.workspace_id = g.workspace_id and i.touchpoint_id = g.id;
  return null;
end $$;
create trigger forget_touchpoints_of_lines after delete on touchpoints referencing old table as gone
  for each statement execute function forget_touchpoints_of_lines();
create function forget_customers_of_lines() returns trigger language plpgsql as $$
begin
  update invitations i set customer_id = null from gone g
  where i.workspace_id = g.workspace_id and i.customer_id = g.id;
  return null;
end $$;
create trigger forget_customers_of_lines after delete on customers referencing old table as gone
  for each statement execute function forget_customers_of_lines();

-- A touchpoint that goes on, or ends again, after it was decided about: its line follows. Planned each time, as above.
create function move_ends_of_lines() returns trigger language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  workspaces uuid[];
  ids uuid[];
  ends timestamptz[];
begin
  select array_agg(m.workspace_id), array_agg(m.id), array_agg(m.ended_at) into workspaces, ids, ends
  from (select workspace_id, id, ended_at from after_it except select workspace_id, id, ended_at from before_it) m;
  if ids is null then return null; end if;
  update invitations i set ended_at = m.ended_at from unnest(workspaces, ids, ends) m(workspace_id, id, ended_at)
  where i.workspace_id = m.workspace_id and i.touchpoint_id = m.id;
  return null;
end $$;
create trigger move_ends_of_lines after update on touchpoints referencing old table as before_it new table as after_it
  for each statement execute function move_ends_of_lines();
