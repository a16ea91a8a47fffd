create table customers (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  external_id text,
  name text,
  email text,
  -- E.164, such as +38640123456.
  phone text,
  language text,
  organisation text,
  -- Where programmes write in a person's own hours; null is the workspace's.
  time_zone text,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, external_id),
  unique (workspace_id, email),
  unique (workspace_id, phone)
);
select protect_tenant_table('customers');

create table touchpoints (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  external_id text,
  kind text not null,
  customer_id uuid,
  started_at timestamptz,
  ended_at timestamptz,
  -- Outcome, channel, topic, team and agent stand among them.
  attributes jsonb not null default '{}',
  created_at timestamptz not null,
  -- When it was decided whether to ask about it, once it had ended.
  decided_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, external_id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id)
);
select protect_tenant_table('touchpoints');
create index touchpoints_customer on touchpoints (workspace_id, customer_id);
create index touchpoints_undecided on touchpoints (workspace_id, ended_at, id)
  where decided_at is null and ended_at is not null;
-- What ended lately, for a dry run.
create index touchpoints_ended on touchpoints (workspace_id, ended_at desc, id desc) where ended_at is not null;
-- Whose problem is still open.
create index touchpoints_open on touchpoints (workspace_id, customer_id, started_at)
  where ended_at is null and started_at is not null;

-- The two functions below are how the ingest of answers (module surveys) writes these tables in its own transaction
-- and round trip; everything else goes through the verbs of the modules people and touchpoints.

-- The customer { id, externalId, email, name, language } of the workspace that is set: known by external id, else by
-- e-mail, else new with the id given.
-- What was unknown about a known one is filled in; nothing is overwritten. Whoever is found stays until the transaction
-- ends: retention may be about to remove them.
create function ensure_customer(given jsonb, at timestamptz) returns uuid language plpgsql as $$
declare
  workspace uuid := current_setting('app.workspace')::uuid;
  found_id uuid;
begin
  if given->>'externalId' is null and given->>'email' is null then return null; end if;
  for attempt in 1..2 loop
    select c.id into found_id from customers c where c.workspace_id = workspace and c.external_id = given->>'externalId'
      for key share;
    if found_id is null then
      select c.id into found_id from customers c where c.workspace_id = workspace and c.email = given->>'email'
        and (c.external_id is null or given->>'externalId' is null) for key share;
    end if;
    exit when found_id is not null;
    insert into customers (workspace_id, id, external_id, email, name, language, created_at)
    values (workspace, (given->>'id')::uuid, given->>'externalId',
      case when not exists (select from customers c where c.workspace_id = workspace and c.email = given->>'email')
        then given->>'email' end,
      given->>'name', given->>'language', at)
    on conflict do nothing returning id into found_id;
    if found_id is not null then return found_id; end if;
  end loop;
  update customers c set external_id = coalesce(c.external_id, given->>'externalId'),
    name = coalesce(c.name, given->>'name'), language = coalesce(c.language, given->>'language'),
    email = coalesce(c.email, (select given->>'email' where not exists (
      select from customers o where o.workspace_id = workspace and o.email = given->>'email')))
  where c.workspace_id = workspace and c.id = found_id
    and ((c.external_id is null and given ? 'externalId') or (c.name is null and given ? 'name')
      or (c.language is null and given ? 'language') or (c.email is null and given ? 'email'));
  return found_id;
end $$;

-- The touchpoint { id, externalId, kind, startedAt, endedAt, attributes }: known by its external id, else new. What is
-- given anew replaces what was reported before; attributes are added to those that are known. With `onlyIfNew` a known
-- one stays as it is.
create function ensure_touchpoint(given jsonb, customer_id uuid, at timestamptz) returns uuid language plpgsql as $$
declare
  touchpoint_id uuid;
begin
  insert into touchpoints as t (workspace_id, id, external_id, kind, customer_id, started_at, ended_at, attributes,
    created_at)
  values (current_setting('app.workspace')::uuid, (given->>'id')::uuid, given->>'externalId',
    given->>'kind', ensure_touchpoint.customer_id,
    (given->>'startedAt')::timestamptz, (given->>'endedAt')::timestamptz, coalesce(given->'attributes', '{}'), at)
  on conflict (workspace_id, external_id) do update set kind = excluded.kind,
    customer_id = coalesce(t.customer_id, excluded.customer_id),
    started_at = coalesce(excluded.started_at, t.started_at), ended_at = coalesce(excluded.ended_at, t.ended_at),
    attributes = t.attributes || excluded.attributes
    where not coalesce((given->>'onlyIfNew')::boolean, false)
  returning id into touchpoint_id;
  if touchpoint_id is null then
    select t.id into touchpoint_id from touchpoints t
    where t.workspace_id = current_setting('app.workspace')::uuid and t.external_id = given->>'externalId';
  end if;
  return touchpoint_id;
end $$;
