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
  -- Rises when `declared` changes: segments belong to one generation, and an answer for an old one is not taken.
  generation integer not null default 1,
  closes_on date,
  -- The version that is asked now; null until the first is published.
  version integer,
  draft jsonb,
  draft_saved_at timestamptz,
  -- While answers move to the segments of a new generation: { done, total, upTo, after, kept, moved }.
  rebuild jsonb,
  -- Signs the forms of its public page, so that a page says when it was made and whose it is.
  form_key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
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
  generation integer not null,
  attributes jsonb not null,
  primary key (workspace_id, survey_id, segment),
  -- In this order, so that nobody reads all segments of a survey by it to find one.
  unique (workspace_id, attributes, generation, survey_id),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('segments');

create table imports (
  workspace_id uuid not null,
  id uuid not null,
  survey_id uuid not null,
  file_name text not null,
  state text not null
    check (state in ('uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'undoing', 'undone')),
  -- What the first bytes of the file tell: { columns, sample }.
  shape jsonb not null,
  mapping jsonb,
  bytes bigint not null,
  -- SHA-256 of the file: with the line it names an answer that has no id of its own.
  hash text not null,
  -- The last line that is done with, and what became of the rows up to it.
  line bigint not null default 0,
  rows_read bigint not null default 0,
  rows_accepted bigint not null default 0,
  rows_refused bigint not null default 0,
  rows_repeated bigint not null default 0,
  rows_unanswered bigint not null default 0,
  -- The first refused rows: [{ line, value, code, args }].
  refused jsonb not null default '[]',
  -- From 0 to 1, of what is being done.
  progress real not null default 0,
  -- { code, args }; remarks are several of these.
  error jsonb,
  remarks jsonb not null default '[]',
  created_at timestamptz not null,
  -- When its answers were asked to come in: rows without a date count on that day.
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('imports');
create index imports_survey on imports (workspace_id, survey_id, id);

-- No foreign key to the survey: the ingest locks it once for all answers of a batch, where a key would look it up for
-- each of them. A trigger removes answers and cells with their survey.
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
  -- Both '-infinity' when all but the score, its day and its segment has been forgotten: the moment is not known then.
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
  -- What makes a retry the same response: the form's token, the external id or the idempotency key, 128 bits of SHA-256.
  dedupe uuid not null,
  -- 48 bits of SHA-256 over what was sent: the same idempotency key with another body is a conflict.
  fingerprint bigint not null,
  external_id text,
  -- Left out of every figure; undone by null. Spam and tests are deleted 30 days later.
  excluded_at timestamptz,
  excluded_reason text check (excluded_reason in ('spam', 'test', 'own')),
  primary key (workspace_id, id),
  unique (workspace_id, dedupe),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete set null (customer_id),
  foreign key (workspace_id, touchpoint_id) references touchpoints (workspace_id, id) on delete set null (touchpoint_id)
) with (autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.3);
select protect_tenant_table('responses');
create index responses_newest on responses (workspace_id, survey_id, answered_at desc, id desc);
create index responses_by_score on responses (workspace_id, survey_id, wording, score, answered_at desc, id desc);
-- What is new waits unsorted until `sort_comments`; the limit is for when nobody calls it.
create index responses_comment on responses using gin (survey_id, comment gin_trgm_ops)
  with (gin_pending_list_limit = 32768) where comment is not null;
create index responses_customer on responses (workspace_id, customer_id) where customer_id is not null;
create index responses_touchpoint on responses (workspace_id, touchpoint_id) where touchpoint_id is not null;
-- Comments of anonymous surveys, by their random ids.
create index responses_shuffled on responses (workspace_id, survey_id, id) where segment = 0 and comment is not null;
-- What has been forgotten has its day and no moment.
create index responses_forgotten on responses (workspace_id, survey_id, wording, local_date)
  where answered_at = '-infinity';
create index responses_left_out on responses (workspace_id, survey_id, answered_at desc, id desc)
  where excluded_at is not null;

-- The histograms. c0 counts the score 0, c1 the score 1, and so on.
create table cells (
  workspace_id uuid not null,
  survey_id uuid not null,
  wording smallint not null,
  grain "char" not null check (grain in ('d', 'w', 'm')),
  segment integer not null,
  -- The first day of the day, ISO week or month.
  starts_on date not null,
  c0 integer not null default 0, c1 integer not null default 0, c2 integer not null default 0,
  c3 integer not null default 0, c4 integer not null default 0, c5 integer not null default 0,
  c6 integer not null default 0, c7 integer not null default 0, c8 integer not null default 0,
  c9 integer not null default 0, c10 integer not null default 0,
  primary key (workspace_id, survey_id, wording, grain, segment, starts_on)
) with (fillfactor = 60);
select protect_tenant_table('cells');
create index cells_by_date on cells (workspace_id, survey_id, wording, grain, starts_on, segment);

-- One answer more (n = 1) or less (n = -1) in its cells.
create type cell_delta as (survey_id uuid, wording smallint, segment integer, local_date date, score smallint, n integer);

-- What the last answers change in cells, some moments before it is added there: an answer a request would else cost six
-- cells, and two batches would wait for each other at the total. Every figure is cells and these together.
create table cell_changes (
  workspace_id uuid not null,
  survey_id uuid not null,
  id bigint generated always as identity,
  changes cell_delta[] not null,
  primary key (workspace_id, survey_id, id)
) with (toast_tuple_target = 8160, vacuum_truncate = false);
-- A row of a hundred fits into a page as it is.
alter table cell_changes alter column changes set storage external;
select protect_tenant_table('cell_changes');

-- For how many independent answers one stands where the same customers answer often: n / value takes the place of n.
create table design_effects (
  workspace_id uuid not null,
  survey_id uuid not null,
  wording smallint not null,
  value double precision not null check (value >= 1),
  -- In the workspace's time zone.
  measured_on date not null,
  primary key (workspace_id, survey_id, wording),
  foreign key (workspace_id, survey_id) references surveys (workspace_id, id) on delete cascade
);
select protect_tenant_table('design_effects');

create function delete_answers_of_survey() returns trigger language plpgsql as $$
begin
  delete from responses where workspace_id = old.workspace_id and survey_id = old.id;
  -- First what waits: whoever adds it to the cells meanwhile is waited for.
  delete from cell_changes where workspace_id = old.workspace_id and survey_id = old.id;
  delete from cells where workspace_id = old.workspace_id and survey_id = old.id;
  return old;
end $$;
create trigger delete_answers before delete on surveys for each row execute function delete_answers_of_survey();

-- Answers go first, else each customer that is deleted would be taken out of its answers one by one.
create function delete_answers_of_workspace() returns trigger language plpgsql as $$
begin
  -- Nobody answers meanwhile.
  perform from surveys where workspace_id = old.workspace_id order by id for update;
  delete from responses where workspace_id = old.workspace_id;
  delete from cell_changes where workspace_id = old.workspace_id;
  delete from cells where workspace_id = old.workspace_id;
  return old;
end $$;
create trigger delete_answers before delete on workspaces for each row execute function delete_answers_of_workspace();

-- The cells that an answer counts in; one without a segment counts in the total only.
create function periods_of(day date, own_segment integer) returns table (grain "char", starts_on date, segment integer)
language sql immutable as $$
  select p.grain, p.starts_on, s.segment from (values
    ('d'::"char", day), ('w', day - (extract(isodow from day)::integer - 1)),
    ('m', day - (extract(day from day)::integer - 1))) p(grain, starts_on)
  cross join (select 0 union all select own_segment where own_segment > 0) s(segment)
$$;

-- Every change of a cell goes through here. The order of keys is the same for all and the busy totals come last, so
-- that transactions seldom wait for each other and never in a circle.
create function add_to_cells(deltas cell_delta[]) returns integer language plpgsql as $$
declare
  touched integer;
begin
  insert into cells as cell (workspace_id, survey_id, wording, segment, grain, starts_on,
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)
  select current_setting('app.workspace')::uuid, daily.survey_id, daily.wording, p.segment, p.grain, p.starts_on,
    sum(c0), sum(c1), sum(c2), sum(c3), sum(c4), sum(c5), sum(c6), sum(c7), sum(c8), sum(c9), sum(c10)
  -- Many are added up before each day stands for six.
  from (
    select d.survey_id, d.wording, d.segment, d.local_date,
      coalesce(sum(d.n) filter (where d.score = 0), 0) as c0, coalesce(sum(d.n) filter (where d.score = 1), 0) as c1,
      coalesce(sum(d.n) filter (where d.score = 2), 0) as c2, coalesce(sum(d.n) filter (where d.score = 3), 0) as c3,
      coalesce(sum(d.n) filter (where d.score = 4), 0) as c4, coalesce(sum(d.n) filter (where d.score = 5), 0) as c5,
      coalesce(sum(d.n) filter (where d.score = 6), 0) as c6, coalesce(sum(d.n) filter (where d.score = 7), 0) as c7,
      coalesce(sum(d.n) filter (where d.score = 8), 0) as c8, coalesce(sum(d.n) filter (where d.score = 9), 0) as c9,
      coalesce(sum(d.n) filter (where d.score = 10), 0) as c10
    from unnest(deltas) d group by d.survey_id, d.wording, d.segment, d.local_date
    offset 0
  ) daily cross join lateral periods_of(daily.local_date, daily.segment) p
  group by daily.survey_id, daily.wording, p.segment, p.grain, p.starts_on
  order by daily.survey_id, daily.wording, p.segment desc, p.grain, p.starts_on
  on conflict (workspace_id, survey_id, wording, grain, segment, starts_on) do update set
    c0 = cell.c0 + excluded.c0, c1 = cell.c1 + excluded.c1, c2 = cell.c2 + excluded.c2, c3 = cell.c3 + excluded.c3,
    c4 = cell.c4 + excluded.c4, c5 = cell.c5 + excluded.c5, c6 = cell.c6 + excluded.c6, c7 = cell.c7 + excluded.c7,
    c8 = cell.c8 + excluded.c8, c9 = cell.c9 + excluded.c9, c10 = cell.c10 + excluded.c10;
  get diagnostics touched = row_count;
  return touched;
end $$;

-- Adds to the cells what waits in `cell_changes`, of workspaces in their order, and wakes whoever looks at the figures:
-- not each batch does, because those that notify commit one after the other.
create function fold_cells(workspaces uuid[]) returns void language plpgsql
set plan_cache_mode = force_generic_plan as $$
declare
  workspace uuid;
  deltas cell_delta[];
  most constant integer := 1000;
  taken integer;
begin
  foreach workspace in array workspaces loop
    perform set_config('app.workspace', workspace::text, true);
    loop
      with waiting as (
        select c.survey_id, c.id from cell_changes c where c.workspace_id = workspace
        order by c.survey_id, c.id limit most for update
      ), gone as (
        delete from cell_changes c using waiting w
        where c.workspace_id = workspace and c.survey_id = w.survey_id and c.id = w.id returning c.id, c.changes
      )
      select count(distinct gone.id), array_agg(d) into taken, deltas from gone cross join unnest(gone.changes) d;
      exit when deltas is null;
      perform add_to_cells(deltas);
      perform pg_notify('lahko', jsonb_build_object(
        'workspaceId', workspace, 'type', 'response.received', 'subjectId', survey_id)::text)
      from unnest(deltas) group by survey_id;
      -- What has come meanwhile is for the next call.
      exit when taken < most;
    end loop;
  end loop;
end $$;

-- Cells with what waits for them. Whoever needs few of many cells asks both tables by their keys instead.
create view cells_now with (security_invoker = true) as
select workspace_id, survey_id, wording, grain, segment, starts_on,
  sum(c0)::integer as c0, sum(c1)::integer as c1, sum(c2)::integer as c2, sum(c3)::integer as c3,
  sum(c4)::integer as c4, sum(c5)::integer as c5, sum(c6)::integer as c6, sum(c7)::integer as c7,
  sum(c8)::integer as c8, sum(c9)::integer as c9, sum(c10)::integer as c10
from (
  select workspace_id, survey_id, wording, grain, segment, starts_on, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10 from cells
  union all
  select c.workspace_id, c.survey_id, d.wording, p.grain, p.segment, p.starts_on,
    case d.score when 0 then d.n else 0 end, case d.score when 1 then d.n else 0 end,
    case d.score when 2 then d.n else 0 end, case d.score when 3 then d.n else 0 end,
    case d.score when 4 then d.n else 0 end, case d.score when 5 then d.n else 0 end,
    case d.score when 6 then d.n else 0 end, case d.score when 7 then d.n else 0 end,
    case d.score when 8 then d.n else 0 end, case d.score when 9 then d.n else 0 end,
    case d.score when 10 then d.n else 0 end
  from cell_changes c cross join lateral unnest(c.changes) d cross join lateral periods_of(d.local_date, d.segment) p
) every group by workspace_id, survey_id, wording, grain, segment, starts_on;
grant select on cells_now to lahko_app;

-- Answers to one survey from one sender, so many of them.
create type answer_group as (
  size integer, workspace_id uuid, survey_id uuid, generation integer, actor_kind text, actor_id uuid, import_id uuid
);

-- One of these answers; customer and touchpoint as the contract knows them.
create type answer_row as (
  place integer, id uuid, version integer, wording smallint, score smallint, local_date date, segment integer,
  answered_at timestamptz, received_at timestamptz, language text, source text, reasons text[], comment text,
  answers jsonb, attributes jsonb, customer jsonb, touchpoint jsonb, dedupe uuid, fingerprint bigint,
  external_id text, excluded_reason text
);

-- What became of an answer that was not simply taken. Known already: id, score and fingerprint of the first one. Else
-- these are null: the survey is gone, or its segments have a new generation.
create type answer_outcome as (place integer, id uuid, score smallint, fingerprint bigint);

-- Whoever answers about a touchpoint without saying who they are is its customer. Anybody can write a link.
create function customer_of_touchpoint(given jsonb) returns uuid language sql stable as $$
  select t.customer_id from touchpoints t
  where t.workspace_id = current_setting('app.workspace')::uuid and t.external_id = given->>'externalId'
$$;

-- Takes the answers of groups that come in the order of their workspaces. What they change in cells waits for
-- `fold_cells`.
create function take_answers(groups answer_group[], given answer_row[]) returns setof answer_outcome
language plpgsql as $$
declare
  one answer_group;
  workspace uuid;
  part answer_row[];
  place integer := 0;
  accepted integer;
  fresh cell_delta[];
  facts jsonb;
  nothing text;
begin
  foreach one in array groups loop
    if workspace is distinct from one.workspace_id then
      workspace := one.workspace_id;
      nothing := set_config('app.workspace', workspace::text, true);
    end if;
    part := case when cardinality(groups) = 1 then given else given[place + 1 : place + one.size] end;
    place := place + one.size;
    facts := jsonb_build_object('surveyId', one.survey_id);

    -- Whoever starts a new generation locks the survey for update, so that none can start before this commits.
    with kept as (
      insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment, answered_at,
        received_at, language, source, reasons, comment, answers, attributes, customer_id, touchpoint_id, import_id,
        dedupe, fingerprint, external_id, excluded_at, excluded_reason)
      select workspace, g.id, one.survey_id, g.version, g.wording, g.score, g.local_date, g.segment, g.answered_at,
        g.received_at, g.language, g.source, coalesce(g.reasons, '{}'), g.comment, coalesce(g.answers, '{}'),
        coalesce(g.attributes, '{}'),
        case when g.customer is not null then ensure_customer(g.customer, g.received_at)
          when g.touchpoint is not null and g.source <> 'link' then customer_of_touchpoint(g.touchpoint) end,
        case when g.touchpoint is not null then ensure_touchpoint(g.touchpoint,
          case when g.customer is not null then ensure_customer(g.customer, g.received_at) end, g.received_at) end,
        one.import_id, g.dedupe, g.fingerprint, g.external_id,
        case when g.excluded_reason is not null then g.received_at end, g.excluded_reason
      from (
        select from surveys s
        where s.workspace_id = workspace and s.id = one.survey_id and s.generation = one.generation for key share
      ) current cross join unnest(part) g
      -- Of what is known already nothing changes, people and touchpoints included.
      left join lateral (
        select true as already from responses r where r.workspace_id = workspace and r.dedupe = g.dedupe
          and (g.customer is not null or g.touchpoint is not null) limit 1
      ) known on true
      where known.already is null
      on conflict (workspace_id, dedupe) do nothing
      returning id, wording, segment, local_date, score, received_at, excluded_at, answered_at, touchpoint_id
    ), answered as (
      -- The ledger hears of an answer wherever it was given. An import can be undone: what it brings is looked for
      -- before a reminder, and at the end.
      update invitations i set answered_at = a.answered_at, response_id = a.id, next_reminder_at = null
      from (
        select distinct on (k.touchpoint_id) k.touchpoint_id, k.answered_at, k.id from kept k
        where k.touchpoint_id is not null and k.excluded_at is null and one.import_id is null
        order by k.touchpoint_id, k.answered_at, k.id
      ) a
      where i.workspace_id = workspace and i.touchpoint_id = a.touchpoint_id and i.answered_at is null
        and i.not_asked is null
    ), noted as (
      -- An import is a fact of its own, whatever it brings.
      insert into events (workspace_id, id, type, subject_id, actor_kind, actor_id, data, at)
      select workspace, kept.id, 'response.received', kept.id, one.actor_kind, one.actor_id, facts,
        kept.received_at
      from kept where one.import_id is null
    )
    select count(*), array_agg((one.survey_id, kept.wording, kept.segment, kept.local_date, kept.score, 1)::cell_delta)
      filter (where kept.excluded_at is null)
    into accepted, fresh from kept;

    if fresh is not null then
      insert into cell_changes (workspace_id, survey_id, changes) values (workspace, one.survey_id, fresh);
    elsif accepted > 0 then
      -- Left out of every figure, but listed.
      nothing := pg_notify('lahko', jsonb_build_object(
        'workspaceId', workspace, 'type', 'response.received', 'subjectId', one.survey_id)::text)::text;
    end if;
    if accepted < one.size then
      return query select g.place, r.id, r.score, r.fingerprint
        from unnest(part) g left join responses r on r.workspace_id = workspace and r.dedupe = g.dedupe
        where r.id is distinct from g.id;
    end if;
  end loop;
end $$;

-- Takes a batch: answers as text, one `answer_row` after the other with a record separator (U+001E) between, in the
-- order of their groups. All of it or nothing: whoever calls halves what fails until a bad answer stands alone.
create function ingest_responses(groups answer_group[], batch text) returns setof answer_outcome
-- The plans do not depend on what is in a batch; making them anew would cost more than running them.
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  return query select * from take_answers(groups,
    array(select one::answer_row from unnest(string_to_array(batch, U&'\001E')) one));
end $$;

-- Trigrams are not leakproof, so under row-level security they would not reach their index. Ids of answers from `since`
-- until before `until` whose comment holds the words, in no order, of the workspace that is set; `pattern` is escaped
-- for ILIKE.
create function search_comments(survey uuid, pattern text, since timestamptz, until timestamptz, most integer)
returns setof uuid language plpgsql stable security definer set search_path = pg_catalog, public
-- Whether the index of comments or that of moments is the shorter way depends on both the words and the days.
set plan_cache_mode = force_custom_plan as $$
begin
  return query select r.id from responses r
    where r.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and r.survey_id = survey
      and r.comment is not null and r.comment ilike pattern and r.answered_at >= since and r.answered_at < until
    limit most;
end $$;
revoke all on function search_comments(uuid, text, timestamptz, timestamptz, integer) from public;
grant execute on function search_comments(uuid, text, timestamptz, timestamptz, integer) to lahko_app;

-- Sorts new comments into their index, so that no answer has to wait for it.
create function sort_comments() returns void language sql security definer set search_path = pg_catalog, public
  set maintenance_work_mem = '4MB' as $$
  select gin_clean_pending_list('public.responses_comment')
$$;
revoke all on function sort_comments() from public;
grant execute on function sort_comments() to lahko_app;

-- A process that starts goes on with what one that died has left.
create function unfinished_rebuilds() returns table (workspace_id uuid, survey_id uuid)
language sql stable security definer set search_path = pg_catalog, public as $$
  select s.workspace_id, s.id from surveys s where s.rebuild is not null
$$;
revoke all on function unfinished_rebuilds() from public;
grant execute on function unfinished_rebuilds() to lahko_app;
