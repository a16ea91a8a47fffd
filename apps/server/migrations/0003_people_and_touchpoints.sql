-- Whom customers belong to. Each name that a customer is reported with is one, until members say that two are the same.
create table organisations (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- What it is called now; names of before lead to it as well.
  name text not null,
  attributes jsonb not null default '{}',
  -- The same organisation, as which its customers are shown: the end of the way through organisation_merges.
  merged_into uuid,
  -- All that it may be looked for by: its names and addresses, and those of whom were merged into it.
  searched text not null default '',
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, merged_into) references organisations (workspace_id, id)
);
select protect_tenant_table('organisations');
create index organisations_by_name on organisations (workspace_id, lower(name), id) where merged_into is null;
create index organisations_merged on organisations (workspace_id, merged_into) where merged_into is not null;
create index organisations_searched on organisations using gin (workspace_id, searched gin_trgm_ops);

-- Every name that leads to an organisation, in lower case.
create table organisation_names (
  workspace_id uuid not null,
  name text not null check (name = lower(name)),
  organisation_id uuid not null,
  primary key (workspace_id, name),
  foreign key (workspace_id, organisation_id) references organisations (workspace_id, id) on delete cascade
);
select protect_tenant_table('organisation_names');
create index organisation_names_organisation on organisation_names (workspace_id, organisation_id, name);

-- Domains, and single addresses, whose customers belong to an organisation when nothing else is known of theirs.
create table organisation_addresses (
  workspace_id uuid not null,
  address text not null check (address = lower(address)),
  organisation_id uuid not null,
  created_at timestamptz not null,
  primary key (workspace_id, address),
  foreign key (workspace_id, organisation_id) references organisations (workspace_id, id) on delete cascade
);
select protect_tenant_table('organisation_addresses');
create index organisation_addresses_organisation on organisation_addresses (workspace_id, organisation_id, address);

-- Which organisation was found to be another one. Nothing is moved: taking the row away gives all of it back.
create table organisation_merges (
  workspace_id uuid not null,
  source_id uuid not null,
  target_id uuid not null,
  member_id uuid,
  at timestamptz not null,
  primary key (workspace_id, source_id),
  check (source_id <> target_id),
  foreign key (workspace_id, source_id) references organisations (workspace_id, id) on delete cascade,
  foreign key (workspace_id, target_id) references organisations (workspace_id, id) on delete cascade
);
select protect_tenant_table('organisation_merges');
create index organisation_merges_target on organisation_merges (workspace_id, target_id);

create table customers (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  external_id text,
  name text,
  email text,
  -- E.164, such as +38640123456.
  phone text,
  language text,
  -- What their organisation is called, and which it is: both kept by the trigger below.
  organisation text,
  organisation_id uuid,
  -- What else members should know: { name: text }.
  attributes jsonb not null default '{}',
  -- Where programmes write in a person's own hours; null is the workspace's.
  time_zone text,
  -- Whether they may follow what others of their organisation ask.
  sees_organisation boolean not null default false,
  -- The same person, under whom new things stand: the end of the way through customer_merges. Old ones are not moved.
  merged_into uuid,
  -- Other addresses, and the names of those who were merged into this one, to be looked for by.
  also text not null default '',
  created_at timestamptz not null,
  -- All that somebody may be looked for by.
  searched text not null generated always as (coalesce(name, '') || E'\n' || coalesce(email, '') || E'\n' ||
    coalesce(external_id, '') || E'\n' || coalesce(organisation, '') || E'\n' || coalesce(phone, '') || E'\n' ||
    also) stored,
  primary key (workspace_id, id),
  foreign key (workspace_id, merged_into) references customers (workspace_id, id),
  foreign key (workspace_id, organisation_id) references organisations (workspace_id, id)
);
select protect_tenant_table('customers');
-- Partial, also so that none is taken for the others: in a new database, where all look alike, a plan made for a lookup
-- by external id would go through all who have no phone.
create unique index customers_external_id on customers (workspace_id, external_id) where external_id is not null;
create unique index customers_email on customers (workspace_id, email) where email is not null;
create unique index customers_phone on customers (workspace_id, phone) where phone is not null;
create index customers_merged on customers (workspace_id, merged_into) where merged_into is not null;
create index customers_organisation on customers (workspace_id, organisation_id, id) where organisation_id is not null;

-- Which organisation a name leads to; a new one where none does. Whoever makes it at the same time made it.
create function ensure_organisation(workspace uuid, given text, at timestamptz) returns uuid language plpgsql as $$
declare
  found_id uuid;
  new_id uuid;
begin
  loop
    select n.organisation_id into found_id from organisation_names n
    where n.workspace_id = workspace and n.name = lower(given);
    if found_id is not null then return found_id; end if;
    insert into organisations (workspace_id, id, name, searched, created_at)
    values (workspace, gen_random_uuid(), given, given, at) returning id into new_id;
    insert into organisation_names (workspace_id, name, organisation_id) values (workspace, lower(given), new_id)
    on conflict do nothing returning organisation_id into found_id;
    if found_id is not null then return found_id; end if;
    delete from organisations where workspace_id = workspace and id = new_id;
  end loop;
end $$;

-- A customer belongs to the organisation that they are reported with, else to the one of their address, and is shown
-- with what it is called now. Whoever stands in one stays there while nothing else is said.
create function join_organisation() returns trigger language plpgsql as $$
declare
  shown text;
begin
  new.organisation := nullif(btrim(new.organisation), '');
  if tg_op = 'UPDATE' and new.organisation is not null and old.organisation_id is not null then
    select coalesce(r.name, o.name) into shown from organisations o
    left join organisations r on r.workspace_id = o.workspace_id and r.id = o.merged_into
    where o.workspace_id = new.workspace_id and o.id = old.organisation_id;
    if shown = new.organisation then return new; end if;
  end if;
  if new.organisation is not null then
    new.organisation_id := ensure_organisation(new.workspace_id, new.organisation, new.created_at);
  elsif new.email is not null and (tg_op = 'INSERT' or new.email is distinct from old.email) then
    select a.organisation_id into new.organisation_id from organisation_addresses a
    where a.workspace_id = new.workspace_id and a.address in (new.email, split_part(new.email, '@', 2))
    order by position('@' in a.address) > 0 desc limit 1;
  else
    new.organisation_id := null;
  end if;
  if new.organisation_id is not null then
    select coalesce(r.name, o.name) into new.organisation from organisations o
    left join organisations r on r.workspace_id = o.workspace_id and r.id = o.merged_into
    where o.workspace_id = new.workspace_id and o.id = new.organisation_id;
  end if;
  return new;
end $$;
create trigger join_organisation before insert or update of organisation, email on customers for each row
  when (new.organisation is not null or new.email is not null or new.organisation_id is not null)
  execute function join_organisation();

-- All that is one person with a customer: whoever was merged into the same one, and that one.
create function same_person(customer uuid) returns setof uuid language sql stable as $$
  select coalesce(c.merged_into, c.id) from customers c
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.id = same_person.customer
  union all
  select s.id from customers c join customers s
    on s.workspace_id = c.workspace_id and s.merged_into = coalesce(c.merged_into, c.id)
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.id = same_person.customer
$$;

-- Into whom each merged customer was merged.
create function merged_customers() returns table (customer uuid, person uuid) language sql stable as $$
  select c.id, c.merged_into from customers c
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.merged_into is not null
$$;

-- Addresses that customers write from besides the one that they are written to. None is another customer's own.
create table customer_addresses (
  workspace_id uuid not null,
  address text not null check (address = lower(address)),
  customer_id uuid not null,
  created_at timestamptz not null,
  primary key (workspace_id, address),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
);
select protect_tenant_table('customer_addresses');
create index customer_addresses_customer on customer_addresses (workspace_id, customer_id, address);

-- Who was found to be the same person as somebody else. Nothing is moved: taking the row away gives all of it back.
create table customer_merges (
  workspace_id uuid not null,
  source_id uuid not null,
  target_id uuid not null,
  member_id uuid,
  at timestamptz not null,
  primary key (workspace_id, source_id),
  check (source_id <> target_id),
  foreign key (workspace_id, source_id) references customers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, target_id) references customers (workspace_id, id) on delete cascade
);
select protect_tenant_table('customer_merges');
create index customer_merges_target on customer_merges (workspace_id, target_id);

-- Who was found to be somebody else, however alike: asked about once. `one_id` is the lesser of both.
create table customer_differences (
  workspace_id uuid not null,
  one_id uuid not null,
  other_id uuid not null,
  member_id uuid,
  at timestamptz not null,
  primary key (workspace_id, one_id, other_id),
  check (one_id < other_id),
  foreign key (workspace_id, one_id) references customers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_id) references customers (workspace_id, id) on delete cascade
);
select protect_tenant_table('customer_differences');
create index customer_differences_other on customer_differences (workspace_id, other_id);

-- What members should know of a customer, or of an organisation.
create table customer_notes (
  workspace_id uuid not null,
  id uuid not null,
  customer_id uuid,
  organisation_id uuid,
  member_id uuid,
  text text not null,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  check (num_nonnulls(customer_id, organisation_id) = 1),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade,
  foreign key (workspace_id, organisation_id) references organisations (workspace_id, id) on delete cascade
);
select protect_tenant_table('customer_notes');
create index customer_notes_customer on customer_notes (workspace_id, customer_id, id desc);
create index customer_notes_organisation on customer_notes (workspace_id, organisation_id, id desc);
create index customers_searched on customers using gin (workspace_id, searched gin_trgm_ops);

-- Files of customers; the files themselves lie in the data folder.
create table customer_imports (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  file_name text not null,
  state text not null check (state in ('uploaded', 'checking', 'checked', 'running', 'done', 'failed')),
  -- What the first bytes of the file tell, and the mapping as long as nobody has chosen one: { columns, sample, guess }.
  shape jsonb not null,
  mapping jsonb,
  -- Replace what is known; otherwise only what is unknown is filled in.
  overwrite boolean not null default false,
  -- The last line that is done with, and what became of the rows up to it.
  line bigint not null default 0,
  rows_read bigint not null default 0,
  rows_new bigint not null default 0,
  rows_changed bigint not null default 0,
  rows_same bigint not null default 0,
  rows_refused bigint not null default 0,
  -- The first refused rows: [{ line, value, code, args }].
  refused jsonb not null default '[]',
  -- Rows that came in without a value that cannot be read, and the first of these values.
  rows_partly bigint not null default 0,
  partly jsonb not null default '[]',
  progress real not null default 0,
  -- { code, args }
  error jsonb,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, id)
);
select protect_tenant_table('customer_imports');

create table touchpoints (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- Lists look for its beginning, which takes an order by bytes.
  external_id text collate "C",
  kind text not null,
  customer_id uuid,
  started_at timestamptz,
  ended_at timestamptz,
  -- When the help desk that reports it last knew it to be open: what it says of a time before comes too late.
  open_at timestamptz,
  -- Outcome, channel, topic, team and agent stand among them.
  attributes jsonb not null default '{}',
  created_at timestamptz not null,
  -- Where it stands in lists: its end, while it has none its beginning, without either when it was reported.
  happened_at timestamptz not null generated always as (coalesce(ended_at, started_at, created_at)) stored,
  primary key (workspace_id, id),
  unique (workspace_id, external_id),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id)
);
select protect_tenant_table('touchpoints');
create index touchpoints_newest on touchpoints (workspace_id, happened_at desc, id desc);
create index touchpoints_customer on touchpoints (workspace_id, customer_id, happened_at desc, id desc);
create index touchpoints_kind on touchpoints (workspace_id, kind, happened_at desc, id desc);
create index touchpoints_running on touchpoints (workspace_id, happened_at desc, id desc) where ended_at is null;
create index touchpoints_merged on touchpoints (workspace_id, ended_at) where attributes->>'outcome' = 'merged';
-- What was merged into another touchpoint, of what ended on some local days, both included.
create function touchpoints_merged(since date, until date, zone text) returns setof uuid language sql stable as $$
  select t.id from touchpoints t
  where t.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
    and t.attributes->>'outcome' = 'merged'
    and t.ended_at >= since::timestamp at time zone zone
    and t.ended_at < (until::timestamp + interval '1 day') at time zone zone
$$;
-- Whose problem is still open.
create index touchpoints_open on touchpoints (workspace_id, customer_id, happened_at)
  where ended_at is null;

-- Of which it was not decided yet whether to ask about them. Taken off here, a touchpoint is not written again with all
-- its indexes.
create table undecided_touchpoints (
  workspace_id uuid not null,
  touchpoint_id uuid not null,
  -- Null while it goes on.
  ended_at timestamptz,
  primary key (workspace_id, touchpoint_id)
);
select protect_tenant_table('undecided_touchpoints');
create index undecided_touchpoints_ended on undecided_touchpoints (workspace_id, ended_at, touchpoint_id)
  where ended_at is not null;
-- Volatile: asked of a locked touchpoint it sees what whoever held it until now has decided.
create function is_decided(touchpoint uuid) returns boolean language plpgsql volatile as $$
begin
  return not exists (select from undecided_touchpoints u
    where u.workspace_id = current_setting('app.workspace')::uuid and u.touchpoint_id = touchpoint);
end $$;
-- A foreign key would look at each row by itself, which a batch of touchpoints pays for.
create function note_undecided() returns trigger language plpgsql as $$
begin
  insert into undecided_touchpoints (workspace_id, touchpoint_id, ended_at)
  select workspace_id, id, ended_at from reported;
  return null;
end $$;
create trigger note_undecided after insert on touchpoints referencing new table as reported
  for each statement execute function note_undecided();
create function forget_undecided() returns trigger language plpgsql as $$
begin
  delete from undecided_touchpoints u using gone g where u.workspace_id = g.workspace_id and u.touchpoint_id = g.id;
  return null;
end $$;
create trigger forget_undecided after delete on touchpoints referencing old table as gone
  for each statement execute function forget_undecided();
-- Planned each time: a plan that was made while there were few would be kept while they become many.
create function move_undecided() returns trigger language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  workspaces uuid[];
  ids uuid[];
  ends timestamptz[];
begin
  select array_agg(m.workspace_id), array_agg(m.id), array_agg(m.ended_at) into workspaces, ids, ends
  from (select workspace_id, id, ended_at from after_it except select workspace_id, id, ended_at from before_it) m;
  if ids is null then return null; end if;
  update undecided_touchpoints u set ended_at = m.ended_at from unnest(workspaces, ids, ends) m(workspace_id, id, ended_at)
  where u.workspace_id = m.workspace_id and u.touchpoint_id = m.id;
  return null;
end $$;
create trigger move_undecided after update on touchpoints referencing old table as before_it new table as after_it
  for each statement execute function move_undecided();

-- Addresses that help desks of other makers send their solved tickets to.
create table inbound_hooks (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  system text not null check (system in ('zendesk', 'freshdesk', 'zammad')),
  name text not null,
  -- As it is, since a signature is checked by making it again; null until the help desk has told its own.
  secret text,
  created_at timestamptz not null,
  last_received_at timestamptz,
  primary key (workspace_id, id)
);
select protect_tenant_table('inbound_hooks');

-- What such a help desk sent and nothing became of, the last of each address: `untakenReasons` of the contract name why.
create table inbound_untaken (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  hook_id uuid not null,
  at timestamptz not null,
  reason text not null,
  -- The ticket and its status, as far as they could be read.
  ticket text,
  status text,
  primary key (workspace_id, id),
  foreign key (workspace_id, hook_id) references inbound_hooks (workspace_id, id) on delete cascade
);
select protect_tenant_table('inbound_untaken');
create index inbound_untaken_hook on inbound_untaken (workspace_id, hook_id, id desc);

-- What somebody does to solve a matter alone, from a search or a form on. 72 hours after its last step, when no contact
-- follows any more, it is counted in the two tables after it, and forgotten. Nothing says who they are.
create table episodes (
  workspace_id uuid not null references workspaces on delete cascade,
  -- Random, so that it does not say when.
  id uuid not null,
  -- In the links and forms of its pages.
  number text not null,
  begun_on date not null,
  last_at timestamptz not null,
  -- Whether there was a search or a suggestion.
  asked boolean not null,
  solved boolean not null default false,
  -- Whether people were asked in it, which ends it; and what that became (a ticket).
  contacted boolean not null default false,
  contact_id uuid,
  primary key (workspace_id, id),
  unique (workspace_id, number)
);
select protect_tenant_table('episodes');
create index episodes_last on episodes (workspace_id, last_at);
create index episodes_contact on episodes (workspace_id, contact_id) where contact_id is not null;

-- What was searched for, addresses and long numbers masked.
create table episode_searches (
  workspace_id uuid not null,
  episode_id uuid not null,
  text text not null,
  at timestamptz not null,
  primary key (workspace_id, episode_id, text),
  foreign key (workspace_id, episode_id) references episodes (workspace_id, id) on delete cascade
);
select protect_tenant_table('episode_searches');

-- Which articles were opened.
create table episode_articles (
  workspace_id uuid not null,
  episode_id uuid not null,
  article_id uuid not null,
  -- In which it was read.
  language text not null,
  at timestamptz not null,
  -- Whether it was said to have solved it; null: nothing was said.
  helped boolean,
  primary key (workspace_id, episode_id, article_id),
  foreign key (workspace_id, episode_id) references episodes (workspace_id, id) on delete cascade
);
select protect_tenant_table('episode_articles');

-- Episodes that are over, by the day on which they began.
create table episode_days (
  workspace_id uuid not null references workspaces on delete cascade,
  day date not null,
  episodes integer not null,
  confirmed integer not null,
  probable integer not null,
  failed integer not null,
  primary key (workspace_id, day)
);
select protect_tenant_table('episode_days');

-- What came of reading an article. One that is gone keeps its figures.
create table episode_article_days (
  workspace_id uuid not null references workspaces on delete cascade,
  day date not null,
  article_id uuid not null,
  readers integer not null,
  solved integer not null,
  failed integer not null,
  primary key (workspace_id, day, article_id) include (readers, solved, failed)
);
select protect_tenant_table('episode_article_days');

-- The two functions below are how the ingest of answers (module surveys) writes these tables in its own transaction
-- and round trip; everything else goes through the verbs of the modules people and touchpoints.

-- The customer { id, externalId, email, phone, name, language, organisation, timeZone } of the workspace that is set:
-- known by external id, else by e-mail (also by one of their other addresses), else by phone, else new with the id given.
-- Who is known by another external id or, on the phone, by another address, is somebody else. Who was merged into
-- somebody is that one.
-- What was unknown about a known one is filled in; nothing is overwritten. Whoever is found stays until the transaction
-- ends: retention may be about to remove them.
create function ensure_customer(given jsonb, at timestamptz) returns uuid language plpgsql as $$
declare
  workspace uuid := current_setting('app.workspace')::uuid;
  g_external text := given->>'externalId';
  g_email text := given->>'email';
  g_phone text := given->>'phone';
  found_id uuid;
  merged_id uuid;
begin
  if g_external is null and g_email is null and g_phone is null then return null; end if;
  for attempt in 1..2 loop
    if g_external is not null then
      select c.id into found_id from customers c where c.workspace_id = workspace and c.external_id = g_external
        for key share;
    end if;
    if found_id is null and g_email is not null then
      select c.id into found_id from customers c where c.workspace_id = workspace and c.email = g_email
        and (c.external_id is null or g_external is null) for key share;
    end if;
    if found_id is null and g_email is not null then
      select c.id into found_id from customer_addresses a
      join customers c on c.workspace_id = workspace and c.id = a.customer_id
      where a.workspace_id = workspace and a.address = g_email
        and (c.external_id is null or g_external is null) for key share of c;
    end if;
    if found_id is null and g_phone is not null then
      select c.id into found_id from customers c where c.workspace_id = workspace and c.phone = g_phone
        and (c.external_id is null or g_external is null) and (c.email is null or g_email is null) for key share;
    end if;
    exit when found_id is not null;
    insert into customers (workspace_id, id, external_id, email, phone, name, language, organisation, time_zone,
      created_at)
    values (workspace, (given->>'id')::uuid, g_external,
      -- Whoever would have been found above came meanwhile: with their address this one is none, and they are found.
      case when not exists (select from customers c where c.workspace_id = workspace and c.email = g_email
          and c.external_id is not null and g_external is not null)
        and not exists (select from customer_addresses a where a.workspace_id = workspace and a.address = g_email)
        then g_email end,
      case when not exists (select from customers c where c.workspace_id = workspace and c.phone = g_phone
          and (c.external_id is not null and g_external is not null or c.email is not null and g_email is not null))
        then g_phone end,
      given->>'name', given->>'language', given->>'organisation', given->>'timeZone', at)
    on conflict do nothing returning id into found_id;
    if found_id is not null then return found_id; end if;
  end loop;
  select t.id into merged_id from customers c
  join customers t on t.workspace_id = workspace and t.id = c.merged_into
  where c.workspace_id = workspace and c.id = found_id for key share of t;
  if merged_id is not null then return merged_id; end if;
  -- By what others lead here is changed by itself: naming such a column, changed or not, waits for all who hold the row.
  update customers c set
    name = coalesce(c.name, given->>'name'), language = coalesce(c.language, given->>'language'),
    organisation = coalesce(c.organisation, given->>'organisation'),
    time_zone = coalesce(c.time_zone, given->>'timeZone')
  where c.workspace_id = workspace and c.id = found_id
    and ((c.name is null and given ? 'name') or (c.language is null and given ? 'language')
      or (c.organisation is null and given ? 'organisation') or (c.time_zone is null and given ? 'timeZone'));
  update customers c set external_id = coalesce(c.external_id, g_external),
    email = coalesce(c.email, (select g_email where not exists (
      select from customers o where o.workspace_id = workspace and o.email = g_email) and not exists (
      select from customer_addresses a where a.workspace_id = workspace and a.address = g_email))),
    phone = coalesce(c.phone, (select g_phone where not exists (
      select from customers o where o.workspace_id = workspace and o.phone = g_phone)))
  where c.workspace_id = workspace and c.id = found_id
    and ((c.external_id is null and given ? 'externalId') or (c.email is null and given ? 'email')
      or (c.phone is null and given ? 'phone'));
  return found_id;
end $$;

-- The touchpoint { id, externalId, kind, startedAt, endedAt, attributes }: known by its external id, else new. What is
-- given anew replaces what was reported before; attributes are added to those that are known. With `onlyIfNew` a known
-- one stays as it is. Moments that together with known ones would let it end before it begins are not taken: an answer
-- is worth more than they are.
create function ensure_touchpoint(given jsonb, customer_id uuid, at timestamptz) returns uuid language plpgsql as $$
declare
  workspace uuid := current_setting('app.workspace')::uuid;
  touchpoint_id uuid;
  kept touchpoints;
  undecided boolean;
  began timestamptz;
  over timestamptz;
  told jsonb;
begin
  -- Asked about by its own id: nothing is made of it, and it may have been forgotten.
  if (given->>'known')::boolean then
    select t.id into touchpoint_id from touchpoints t where t.workspace_id = workspace and t.id = (given->>'id')::uuid;
    return touchpoint_id;
  end if;
  loop
    insert into touchpoints (workspace_id, id, external_id, kind, customer_id, started_at, ended_at, attributes, created_at)
    values (workspace, (given->>'id')::uuid, given->>'externalId', given->>'kind', ensure_touchpoint.customer_id,
      (given->>'startedAt')::timestamptz, (given->>'endedAt')::timestamptz, coalesce(given->'attributes', '{}'), at)
    on conflict (workspace_id, external_id) do nothing returning id into touchpoint_id;
    if touchpoint_id is not null then return touchpoint_id; end if;
    if (given->>'onlyIfNew')::boolean then
      select t.id into touchpoint_id from touchpoints t
      where t.workspace_id = workspace and t.external_id = given->>'externalId';
      return touchpoint_id;
    end if;
    select t.* into kept from touchpoints t
    where t.workspace_id = workspace and t.external_id = given->>'externalId' for update;
    exit when found;
  end loop;
  undecided := not is_decided(kept.id);
  began := coalesce((given->>'startedAt')::timestamptz, kept.started_at);
  over := coalesce((given->>'endedAt')::timestamptz, kept.ended_at);
  if not undecided or over < began then
    began := kept.started_at;
    over := kept.ended_at;
  end if;
  told := kept.attributes || coalesce(given->'attributes', '{}');
  -- Once it was decided whether to ask about it, only attributes are added, as many as one touchpoint may have.
  update touchpoints t set kind = case when undecided then given->>'kind' else kept.kind end,
    customer_id = coalesce(kept.customer_id, ensure_touchpoint.customer_id), started_at = began, ended_at = over,
    attributes = case when (select count(*) from jsonb_object_keys(told)) <= 25 then told else kept.attributes end
  where t.workspace_id = workspace and t.id = kept.id;
  return kept.id;
end $$;

-- Trigrams are not leakproof, so under row-level security they would not reach their index. Ids of customers that hold
-- the words, in no order, of the workspace that is set; `pattern` is escaped by whoever calls.
create function search_customers(pattern text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
begin
  return query select c.id from customers c
    where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.searched ilike pattern
    limit most;
end $$;
revoke all on function search_customers(text, integer) from public;
grant execute on function search_customers(text, integer) to lahko_app;

-- What a customer may be looked for by, and what the person that they are may be.
create function searched_of(customer uuid) returns table (searched text) language sql stable as $$
  select c.searched from customers c
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.id = searched_of.customer
  union all
  select p.searched from customers c
  join customers p on p.workspace_id = c.workspace_id and p.id = c.merged_into
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.id = searched_of.customer
$$;

-- Customers at a domain of whom no organisation is known.
create index customers_at_domain on customers (workspace_id, split_part(email, '@', 2))
  where organisation_id is null and email is not null;
create function customers_at_domain(domain text) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
begin
  return query select c.id from customers c
    where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
      and c.organisation_id is null and c.email is not null and split_part(c.email, '@', 2) = domain;
end $$;
revoke all on function customers_at_domain(text) from public;
grant execute on function customers_at_domain(text) to lahko_app;

-- The same as search_customers for organisations.
create function search_organisations(pattern text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
begin
  return query select o.id from organisations o
    where o.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and o.searched ilike pattern
    limit most;
end $$;
revoke all on function search_organisations(text, integer) from public;
grant execute on function search_organisations(text, integer) to lahko_app;

-- Who may be the same person as somebody: of one name and one organisation or domain of mail, or of one name before
-- the @ with names that differ by little more than a typing error. Two whom other programs know apart never are, nor
-- whom a member has told apart. Of each likeness only the first two hundred are looked at: where there are more, it
-- says nothing.
create index customers_name on customers (workspace_id, lower(name)) where merged_into is null and name is not null;
create index customers_local_part on customers (workspace_id, split_part(email, '@', 1))
  where merged_into is null and email is not null;
-- `shared` are domains where everybody has an address.
create function customers_alike(customer uuid, shared text[], most integer)
returns table (id uuid, why text)
language plpgsql stable security definer set search_path = pg_catalog, public set plan_cache_mode = force_custom_plan as $$
declare
  me customers;
  known_elsewhere boolean;
begin
  select c.* into me from customers c
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid and c.id = customer
    and c.merged_into is null;
  if me.id is null then return; end if;
  known_elsewhere := me.external_id is not null or exists (select from customers s
    where s.workspace_id = me.workspace_id and s.merged_into = me.id and s.external_id is not null);
  return query
    with found as (
      (select c.id, c.external_id, case when c.organisation = me.organisation then 'organisation'
          when split_part(c.email, '@', 2) = split_part(me.email, '@', 2) and split_part(c.email, '@', 2) <> all (shared)
          then 'domain' end as why, 0 as turn
        from customers c where c.workspace_id = me.workspace_id and c.merged_into is null
          and lower(c.name) = lower(me.name) limit 200)
      union all
      (select c.id, c.external_id, case when similarity(lower(c.name), lower(me.name)) >= 0.45 then 'address' end, 1
        from customers c where c.workspace_id = me.workspace_id and c.merged_into is null
          and split_part(c.email, '@', 1) = split_part(me.email, '@', 1) limit 200)
    )
    select f.id, (array_agg(f.why order by f.turn))[1] from found f
    where f.why is not null and f.id <> me.id
      and not (known_elsewhere and (f.external_id is not null or exists (select from customers s
        where s.workspace_id = me.workspace_id and s.merged_into = f.id and s.external_id is not null)))
      and not exists (select from customer_differences d where d.workspace_id = me.workspace_id
        and d.one_id = least(f.id, me.id) and d.other_id = greatest(f.id, me.id))
    group by f.id order by f.id desc limit most;
end $$;
revoke all on function customers_alike(uuid, text[], integer) from public;
grant execute on function customers_alike(uuid, text[], integer) to lahko_app;
