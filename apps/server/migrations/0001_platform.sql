-- What every module stands on: tenancy, events, jobs.
-- The application's role owns nothing and bypasses nothing, so enabled row-level security binds it.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

revoke all on schema public from public;
grant usage on schema public to lahko_app;

-- Makes a table a tenant's table: its rows are seen and written only inside their own workspace.
create function protect_tenant_table(name regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', name);
  execute format(
    'create policy workspace on %s using (workspace_id = nullif(current_setting(''app.workspace'', true), '''')::uuid)',
    name);
  execute format('grant select, insert, update, delete on %s to lahko_app', name);
end $$;
revoke all on function protect_tenant_table(regclass) from public;

create table workspaces (
  workspace_id uuid primary key,
  slug text not null,
  name text not null,
  language text not null check (language in ('en', 'sl', 'nb')),
  time_zone text not null,
  kind text not null default 'company' check (kind in ('company', 'demo')),
  accent_hue real not null default 168 check (accent_hue between 0 and 360),
  accent_chroma real not null default 0.085 check (accent_chroma between 0 and 0.16),
  keep_months smallint check (keep_months > 0),
  -- How long it is known what was searched for.
  keep_searches_months smallint not null default 13 check (keep_searches_months > 0),
  own_addresses text[] not null default '{}',
  -- Where the company lives, as its mails say it.
  postal_address text,
  -- How customers reach people, and what the company says of itself elsewhere; null: it does not say.
  contact_email text,
  contact_phone text,
  privacy_url text,
  accessibility_url text,
  imprint_url text,
  created_at timestamptz not null
);
select protect_tenant_table('workspaces');
create unique index workspaces_slug on workspaces (slug);

-- The audit trail, the activity, the source of live updates: ids and field names, never personal values.
-- Rows that come by the thousand and stay as they are: looked at more seldom than a table from which rows go.
create table events (
  -- No foreign key: every answer writes a fact, and checking each would cost more than writing it. Whoever writes one
  -- works in the workspace; the trigger below removes them with it.
  workspace_id uuid not null,
  id uuid not null,
  type text not null,
  subject_id uuid not null,
  actor_kind text not null check (actor_kind in ('member', 'key', 'customer', 'system')),
  actor_id uuid,
  data jsonb not null default '{}',
  at timestamptz not null,
  primary key (workspace_id, id)
) with (autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.3);
select protect_tenant_table('events');

create function delete_events() returns trigger language plpgsql as $$
begin
  delete from events where workspace_id = old.workspace_id;
  return old;
end $$;
create trigger delete_events before delete on workspaces for each row execute function delete_events();

create table failed_jobs (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  task text not null,
  payload jsonb not null,
  error text not null,
  failed_at timestamptz not null,
  primary key (workspace_id, id)
);
select protect_tenant_table('failed_jobs');

-- The job table is the outbox: a verb's transaction adds its jobs. graphile_worker belongs to the owner.
create function enqueue_job(task text, payload json, key text, at timestamptz default null) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform graphile_worker.add_job(task, payload, job_key => key, run_at => at, max_attempts => 12);
end $$;
revoke all on function enqueue_job(text, json, text, timestamptz) from public;
grant execute on function enqueue_job(text, json, text, timestamptz) to lahko_app;

-- Housekeeping: one job for each workspace. One that still waits is not added again.
create function enqueue_everywhere(task text) returns void
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  perform graphile_worker.add_job(task, json_build_object('workspaceId', w.workspace_id),
    job_key => w.workspace_id || ':' || task, max_attempts => 12)
  from workspaces w;
end $$;
revoke all on function enqueue_everywhere(text) from public;
grant execute on function enqueue_everywhere(text) to lahko_app;

-- What the planner knows of the workspaces in a table. It would take one that ANALYZE has not met for empty: any index
-- that begins with the workspace then looks as good as the right one, so that each look reads all rows there are. Of an
-- empty table it is told that whoever comes will have all of it. Counted again, each workspace has the share that ANALYZE
-- finds, but for one hundredth that is left to ten unknown ones. Before PostgreSQL 18 nothing can be told.
create function know_workspaces(of_table regclass, again boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public
-- Shorter than what a vacuum waits before it gives way to whoever waits for it.
set lock_timeout = '200ms' as $$
declare
  own name := (select p.tablename from pg_policies p join pg_class c on c.oid = of_table and c.relname = p.tablename
    where p.schemaname = 'public' and p.policyname = 'workspace');
  seen pg_stats;
begin
  if own is null or current_setting('server_version_num')::integer < 180000 then return; end if;
  -- A dump brings the target along, and not what is known.
  if not again and exists (select from pg_attribute a join pg_stats s on s.schemaname = 'public' and s.tablename = own
    and s.attname = a.attname where a.attrelid = of_table and a.attname = 'workspace_id' and a.attstattarget = 0)
    then return; end if;
  perform pg_clear_attribute_stats('public', own, 'workspace_id', false);
  -- Not of an empty table: known to be empty it would be planned for as such, longer than it is.
  if (select c.reltuples > 0 from pg_class c where c.oid = of_table) then
    execute format('alter table public.%I alter column workspace_id set statistics default', own);
    execute format('analyze public.%I (workspace_id)', own);
  end if;
  -- ANALYZE leaves the column as it is from here on.
  execute format('alter table public.%I alter column workspace_id set statistics 0', own);
  select * into seen from pg_stats s where s.schemaname = 'public' and s.tablename = own and s.attname = 'workspace_id';
  if found and seen.most_common_freqs is null then return; end if;
  perform pg_restore_attribute_stats('schemaname', 'public', 'relname', own::text, 'attname', 'workspace_id',
    'inherited', false, 'version', current_setting('server_version_num')::integer, 'null_frac', 0::real, 'avg_width', 16,
    'n_distinct', coalesce(cardinality(seen.most_common_freqs) + 10, 1)::real,
    'most_common_vals', seen.most_common_vals::text,
    'most_common_freqs', (select array_agg((share * 0.99)::real order by place)
      from unnest(seen.most_common_freqs) with ordinality m(share, place)),
    -- Of one value all lie in order; without it each index that begins with the column would seem to lead anywhere.
    'correlation', coalesce(seen.correlation, 1)::real);
exception when lock_not_available or deadlock_detected then
  -- Somebody works on the table as a whole; the next day tells it.
  null;
end $$;
revoke all on function know_workspaces(regclass, boolean) from public;
grant execute on function know_workspaces(regclass, boolean) to lahko_app;
