-- What members should know: the bell, mails at once, the daily digest. And how far surveys have looked for hard answers.

-- One for each (kind, subject, member): whoever tells it twice has told it once. `data` holds ids, numbers and labels,
-- nothing that a customer wrote or is called.
create table notices (
  workspace_id uuid not null references workspaces on delete cascade,
  -- UUIDv7 of the moment at which it was told.
  id uuid not null,
  kind text not null,
  subject_id uuid not null,
  -- What can be muted, such as the survey.
  topic_id uuid not null,
  topic text not null,
  -- Null: for everybody who may see it.
  member_id uuid,
  data jsonb not null,
  at timestamptz not null,
  primary key (workspace_id, id),
  unique nulls not distinct (workspace_id, kind, subject_id, member_id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('notices');
create index notices_topic on notices (workspace_id, topic_id, kind);
create index notices_member on notices (workspace_id, member_id) where member_id is not null;

create table notice_settings (
  workspace_id uuid not null,
  member_id uuid not null,
  -- The newest notice that the member has seen at the bell.
  seen_id uuid,
  -- Null: the workspace's.
  time_zone text,
  -- Null: no digest.
  digest_hour smallint check (digest_hour between 0 and 23),
  digest_due_at timestamptz,
  -- The last local day of the workspace that a digest has told.
  digest_through date,
  -- Alarms and lost mails up to this moment have been told in a digest.
  digest_told_at timestamptz not null,
  -- Kinds of which the member wants no mail at once.
  mails_off text[] not null default '{}',
  -- Told only to who chose it: a new ticket without an owner, and one that has had none for so many minutes.
  new_tickets boolean not null default false,
  unowned_minutes integer check (unowned_minutes between 5 and 10080),
  primary key (workspace_id, member_id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('notice_settings');
create index notice_settings_due on notice_settings (digest_due_at, workspace_id) where digest_due_at is not null;
create index notice_settings_next on notice_settings (workspace_id, digest_due_at) where digest_due_at is not null;

create table notice_mutes (
  workspace_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  kind text not null,
  topic_id uuid not null,
  -- What the topic was called then.
  topic text not null,
  -- Null: for good.
  until timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, member_id, kind, topic_id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('notice_mutes');

-- About which notices of a kind a mail goes out at once, and to whom. Null means all.
create table notice_rules (
  workspace_id uuid not null references workspaces on delete cascade,
  kind text not null,
  mail boolean not null,
  topics uuid[],
  members uuid[],
  primary key (workspace_id, kind)
);
select protect_tenant_table('notice_rules');

-- Mails to members about notices; `id` is the subject of the mail. They are counted by the hour.
create table notice_mails (
  workspace_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  -- What it tells at once; null for what is told together.
  kind text,
  at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('notice_mails');
create index notice_mails_hour on notice_mails (workspace_id, at, member_id);
create index notice_mails_member on notice_mails (workspace_id, member_id);

-- What was over the mails of an hour, until it is told in one.
create table collected_notices (
  workspace_id uuid not null,
  member_id uuid not null,
  kind text not null,
  count integer not null check (count > 0),
  due_at timestamptz not null,
  primary key (workspace_id, member_id, kind),
  foreign key (workspace_id, member_id) references members (workspace_id, id) on delete cascade
);
select protect_tenant_table('collected_notices');
create index collected_notices_due on collected_notices (due_at, workspace_id);
create index collected_notices_next on collected_notices (workspace_id, due_at);

-- What each of them tells, so that it goes with the answer that it quotes.
create table mailed_subjects (
  workspace_id uuid not null,
  mail_id uuid not null,
  subject_id uuid not null,
  primary key (workspace_id, mail_id, subject_id),
  foreign key (workspace_id, mail_id) references notice_mails (workspace_id, id) on delete cascade
);
select protect_tenant_table('mailed_subjects');
create index mailed_subjects_subject on mailed_subjects (workspace_id, subject_id);

-- Of the module surveys: until when answers have been looked through for hard ones.
create table answer_watches (
  workspace_id uuid primary key references workspaces on delete cascade,
  through timestamptz not null
);
select protect_tenant_table('answer_watches');

-- Of the module insight: when the control charts of a workspace are looked at next.
create table effort_watches (
  workspace_id uuid primary key references workspaces on delete cascade,
  due_at timestamptz not null
);
select protect_tenant_table('effort_watches');
create index effort_watches_due on effort_watches (due_at, workspace_id);

-- How far the chart of each has been looked at, and what the last look found: a run of signals is told once, though its
-- first day moves when answers come late or limits are reckoned anew.
create table effort_looks (
  workspace_id uuid not null,
  survey_id uuid not null,
  wording integer not null,
  -- The last local day that was looked at.
  through date not null,
  -- The last day that signalled; null before any did.
  signalled_on date,
  -- Whether the last look still found a run.
  running boolean not null,
  primary key (workspace_id, survey_id, wording),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('effort_looks');
