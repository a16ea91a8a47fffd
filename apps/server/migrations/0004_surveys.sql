create table surveys (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  key text not null,
  name text not null,
  state text not null default 'draft' check (state in ('draft', 'published', 'paused', 'archived')),
  identity text not null default 'identified' check (identity in ('identified', 'anonymous')),
  metric text not null default 'mean' check (metric in ('mean', 'easyShare', 'hardShare', 'netEase', 'easeIndex')),
  -- How histograms are read: { id, easy: [..], hard: [..] }. Changing it recomputes every figure.
  rule jsonb not null,
  -- The names of the attributes whose values make segments, in order.
  declared text[] not null default '{channel,language,topic,team,kind}',
  closes_on date,
  -- The version that is asked now; null until the first is published.
  version integer,
  draft jsonb,
  draft_saved_at timestamptz,
  rebuild jsonb,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, key)
);
select protect_tenant_table('surveys');

-- A version that has been answered never changes. `wording` rises only when old scores cannot be merged.
create table survey_versions (
  workspace_id uuid not null,
  survey_id uuid not null,
  version integer not null,
  wording smallint not null,
  content jsonb not null,
  same_question_declared boolean not null default false,
  published_at timestamptz not null,
  primary key (workspace_id, survey_id, version),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('survey_versions');

-- One seen combination of declared attributes. Segment 0 is the total and has no row here.
create table segments (
  workspace_id uuid not null,
  survey_id uuid not null,
  segment integer not null check (segment > 0),
  attributes jsonb not null,
  primary key (workspace_id, survey_id, segment),
  unique (workspace_id, survey_id, attributes),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('segments');

create table imports (
  workspace_id uuid not null,
  id uuid not null,
  survey_id uuid not null,
  file_name text not null,
  state text not null check (state in ('uploaded', 'checked', 'running', 'done', 'failed', 'undone')),
  shape jsonb not null,
  mapping jsonb,
  rows_read bigint not null default 0,
  rows_accepted bigint not null default 0,
  rows_refused bigint not null default 0,
  rows_repeated bigint not null default 0,
  refused jsonb not null default '[]',
  bytes bigint not null,
  bytes_done bigint not null default 0,
  error text,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('imports');
create index imports_survey on imports (workspace_id, survey_id, id);

create table responses (
  workspace_id uuid not null,
  id uuid not null,
  survey_id uuid not null,
  version integer not null,
  wording smallint not null,
  score smallint not null,
  -- The day in the workspace's time zone when it was answered.
  local_date date not null,
  segment integer not null,
  answered_at timestamptz not null,
  received_at timestamptz not null,
  language text,
  -- How it came: link, api, import, demo.
  source text not null,
  reasons text[] not null default '{}',
  comment text,
  -- Further choice and text questions: { questionId: value }.
  answers jsonb not null default '{}',
  attributes jsonb not null default '{}',
  customer_id uuid,
  touchpoint_id uuid,
  import_id uuid,
  -- What makes a retry the same response: the form's token, the external id or the idempotency key, hashed.
  dedupe bytea not null,
  external_id text,
  -- Left out of every figure by a member (spam, test, own), or waiting for deletion; undone by null.
  excluded_at timestamptz,
  excluded_reason text check (excluded_reason in ('spam', 'test', 'own', 'import_undone')),
  primary key (workspace_id, id),
  unique (workspace_id, survey_id, dedupe),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade,
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete set null (customer_id),
  foreign key (workspace_id, touchpoint_id) references touchpoints (workspace_id, id) on delete set null (touchpoint_id)
);
select protect_tenant_table('responses');
create index responses_newest on responses (workspace_id, survey_id, answered_at desc, id desc);
create index responses_hardest on responses (workspace_id, survey_id, score, answered_at desc, id desc);
create index responses_import on responses (workspace_id, import_id) where import_id is not null;
create index responses_customer on responses (workspace_id, customer_id) where customer_id is not null;
create index responses_touchpoint on responses (workspace_id, touchpoint_id) where touchpoint_id is not null;

-- The histograms. One column a scale value: c0 counts the scale's min, c1 the next, and so on.
create table cells (
  workspace_id uuid not null,
  survey_id uuid not null,
  wording smallint not null,
  grain char(1) not null check (grain in ('d', 'w', 'm')),
  segment integer not null,
  -- The first day of the day, ISO week or month.
  starts_on date not null,
  c0 integer not null default 0, c1 integer not null default 0, c2 integer not null default 0,
  c3 integer not null default 0, c4 integer not null default 0, c5 integer not null default 0,
  c6 integer not null default 0, c7 integer not null default 0, c8 integer not null default 0,
  c9 integer not null default 0, c10 integer not null default 0,
  primary key (workspace_id, survey_id, wording, grain, segment, starts_on),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('cells');
create index cells_by_date on cells (workspace_id, survey_id, wording, grain, starts_on, segment);
