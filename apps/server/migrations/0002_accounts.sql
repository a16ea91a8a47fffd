-- Who works here. The global tables hold what must be read before a workspace is known; the application
-- reaches them only through the SECURITY DEFINER functions below.

create table accounts (
  id uuid primary key,
  email text not null,
  name text not null,
  language text not null check (language in ('en', 'sl', 'nb')),
  password_hash text,
  is_demo boolean not null default false,
  created_at timestamptz not null
);
create unique index accounts_email on accounts (email);

create table hosts (
  host text primary key,
  workspace_id uuid not null references workspaces on delete cascade
);
create index hosts_workspace on hosts (workspace_id);

-- An expired row stays for a while: its cookie still tells that the device is a known one.
create table sessions (
  token_hash bytea primary key,
  id uuid not null unique,
  account_id uuid not null references accounts on delete cascade,
  workspace_id uuid not null references workspaces on delete cascade,
  host text not null,
  user_agent text not null,
  -- Of the demo's visitors alone, who share one account; everybody else has the account's.
  language text check (language in ('en', 'sl', 'nb')),
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_account on sessions (account_id, id);
create index sessions_workspace on sessions (workspace_id);
create index sessions_expiry on sessions (expires_at);

-- Handed out once: a link for a new member, a hand-over of a session to another host, a sign-up by link, a link by mail
-- for a lost password or instead of one.
create table one_time_tokens (
  token_hash bytea primary key,
  kind text not null check (kind in ('member_link', 'hand_over', 'sign_up', 'password_link', 'sign_in_link')),
  workspace_id uuid references workspaces on delete cascade,
  data jsonb not null,
  expires_at timestamptz not null
);
create index one_time_tokens_workspace on one_time_tokens (workspace_id);
create index one_time_tokens_expiry on one_time_tokens (expires_at);
create index one_time_tokens_account on one_time_tokens ((data ->> 'accountId'), kind)
  where kind in ('password_link', 'sign_in_link');

-- Keys are hashes of an address, of an account at an address, or of a known device.
create table sign_in_attempts (
  key bytea primary key,
  failures integer not null,
  last_at timestamptz not null
);
create index sign_in_attempts_age on sign_in_attempts (last_at);

create table members (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  account_id uuid not null references accounts on delete cascade,
  role text not null check (role in ('owner', 'manager', 'agent', 'viewer')),
  created_at timestamptz not null,
  -- Wants the desk denser.
  compact boolean not null default false,
  primary key (workspace_id, id),
  unique (workspace_id, account_id)
);
select protect_tenant_table('members');
create index members_account on members (account_id);

-- Who was written to and has not joined yet. The link is a one-time token that knows this row; each mail has its own.
create table member_invitations (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  email text not null,
  role text not null check (role in ('owner', 'manager', 'agent', 'viewer')),
  language text not null check (language in ('en', 'sl', 'nb')),
  -- Null when a key did it. Whoever leaves takes their invitations along.
  invited_by uuid,
  created_at timestamptz not null,
  mails smallint not null default 1,
  mail_state text not null default 'waiting' check (mail_state in ('waiting', 'sent', 'uncertain', 'failed')),
  mailed_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, email),
  foreign key (workspace_id, invited_by) references members on delete cascade
);
select protect_tenant_table('member_invitations');
create index member_invitations_by on member_invitations (workspace_id, invited_by);

create table api_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  name text not null,
  hint text not null,
  hash bytea not null,
  scopes text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, hash)
);
select protect_tenant_table('api_keys');
create index api_keys_hash on api_keys (hash);

create table workspace_logos (
  workspace_id uuid primary key references workspaces on delete cascade,
  media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/webp')),
  content bytea not null check (octet_length(content) <= 262144),
  -- The beginning of the content's SHA-256: part of its address, so that caches may keep it for good.
  version text not null
);
select protect_tenant_table('workspace_logos');

-- How far the demo is; the row of a demo workspace.
create table demo_builds (
  workspace_id uuid primary key references workspaces on delete cascade,
  state text not null check (state in ('building', 'ready', 'failed')),
  done integer not null,
  total integer not null,
  -- The survey that is being filled; a visitor may publish others beside it. No foreign key: surveys come later.
  survey_id uuid
);
select protect_tenant_table('demo_builds');

create function current_workspace() returns uuid language sql stable set search_path = pg_catalog as
$$ select nullif(current_setting('app.workspace', true), '')::uuid $$;

-- Words as they are sought: small letters without accents, so that "škornji" is found by "skornji". A database of the
-- locale C knows no small letters beyond ASCII.
create function fold_words(given text) returns text language sql immutable parallel safe
  set search_path = pg_catalog as $$
  select case when octet_length(given) = length(given) then lower(given)
    else translate(lower(regexp_replace(normalize(given, NFKD), U&'[\0300-\036F]', '', 'g')), 'łŁøØđĐßÆ', 'llooddsæ') end
$$;

-- The members of the current workspace with what their accounts say, a page by key: of some ids, of some roles, or found by
-- the beginning of a word of their name or of their address.
create function member_accounts(p_ids uuid[], p_roles text[], p_search text, p_after uuid, p_limit integer)
returns table (id uuid, account_id uuid, role text, created_at timestamptz, name text, email text, language text, is_demo boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
  select m.id, m.account_id, m.role, m.created_at, a.name, a.email, a.language, a.is_demo
  from members m join accounts a on a.id = m.account_id
  where m.workspace_id = current_workspace() and (p_ids is null or m.id = any(p_ids)) and (p_after is null or m.id > p_after)
    and (p_roles is null or m.role = any(p_roles))
    and (p_search is null or starts_with(fold_words(a.email), fold_words(p_search))
      or strpos(' ' || translate(fold_words(a.name), '-', ' '), ' ' || translate(fold_words(p_search), '-', ' ')) > 0)
  order by m.id limit p_limit
$$;

-- Hosts ------------------------------------------------------------------------------------------------------------

-- The one that is asked for, else the first company's.
create function default_workspace(p_wanted text) returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  select w.workspace_id from workspaces w order by (w.slug is not distinct from p_wanted) desc, (w.kind = 'company') desc, w.created_at, w.workspace_id limit 1
$$;

-- `named` says whether the host names the workspace, or only falls back to the default one.
create function workspace_of_host(p_host text, p_slug text, p_default text)
returns table (workspace_id uuid, language text, named boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
  select w.workspace_id, w.language, found.named
  from (
    select h.workspace_id, true as named, 1 as rank from hosts h where h.host = p_host
    union all select s.workspace_id, true, 2 from workspaces s where s.slug = p_slug
    union all select default_workspace(p_default), false, 3
  ) found join workspaces w on w.workspace_id = found.workspace_id
  order by found.rank limit 1
$$;

create function workspace_home(p_workspace uuid, p_default text) returns table (slug text, host text, is_default boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
  select w.slug, (select min(h.host) from hosts h where h.workspace_id = w.workspace_id), w.workspace_id = default_workspace(p_default)
  from workspaces w where w.workspace_id = p_workspace
$$;

create function hosts_of_workspace() returns table (host text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select h.host from hosts h where h.workspace_id = current_workspace() order by h.host
$$;

-- False when the host is another workspace's.
create function give_host(p_host text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  insert into hosts (host, workspace_id) values (p_host, current_workspace()) on conflict do nothing;
  return exists (select from hosts h where h.host = p_host and h.workspace_id = current_workspace());
end $$;

-- False when the workspace has no such host.
create function take_host(p_host text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  delete from hosts h where h.host = p_host and h.workspace_id = current_workspace();
  return found;
end $$;

create function workspace_by_slug(p_slug text) returns table (workspace_id uuid, kind text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select w.workspace_id, w.kind from workspaces w where w.slug = p_slug
$$;

create function demo_workspace() returns uuid
language sql stable security definer set search_path = pg_catalog, public as $$
  select w.workspace_id from workspaces w where w.kind = 'demo' order by w.created_at limit 1
$$;

-- Accounts ---------------------------------------------------------------------------------------------------------

create function account_by_email(p_email text)
returns table (id uuid, name text, language text, password_hash text, is_demo boolean)
language sql stable security definer set search_path = pg_catalog, public as $$
  select a.id, a.name, a.language, a.password_hash, a.is_demo from accounts a where a.email = p_email
$$;

-- False when the address has an account already.
create function create_account(
  p_id uuid, p_email text, p_name text, p_language text, p_password_hash text, p_is_demo boolean, p_at timestamptz
) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  insert into accounts (id, email, name, language, password_hash, is_demo, created_at)
  values (p_id, p_email, p_name, p_language, p_password_hash, p_is_demo, p_at) on conflict do nothing;
  return found;
end $$;

-- Only accounts of the current workspace; what is null stays as it is.
create function change_account(p_id uuid, p_name text, p_language text, p_password_hash text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  update accounts a set name = coalesce(p_name, a.name), language = coalesce(p_language, a.language),
    password_hash = coalesce(p_password_hash, a.password_hash)
  where a.id = p_id and exists (select from members m where m.account_id = a.id and m.workspace_id = current_workspace());
  return found;
end $$;

-- An account lives as long as it is a member somewhere.
create function remove_stray_accounts(p_ids uuid[]) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from accounts a where a.id = any (p_ids) and not exists (select from members m where m.account_id = a.id)
$$;

-- Whether anybody but the demo's visitor has an account. With a lock, whoever asks next waits for this transaction.
create function has_accounts(p_lock boolean) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  if p_lock then perform pg_advisory_xact_lock(hashtext('lahko sign-up')); end if;
  return exists (select from accounts a where not a.is_demo);
end $$;

create function workspaces_of_account(p_account uuid)
returns table (workspace_id uuid, slug text, name text, kind text, member_id uuid, role text)
language sql stable security definer set search_path = pg_catalog, public as $$
  select w.workspace_id, w.slug, w.name, w.kind, m.id, m.role
  from members m join workspaces w on w.workspace_id = m.workspace_id
  where m.account_id = p_account order by w.kind, w.created_at, w.workspace_id limit 200
$$;

-- Sessions ---------------------------------------------------------------------------------------------------------

create function session_by_token(p_hash bytea, p_host text, p_at timestamptz)
returns table (session_id uuid, account_id uuid, workspace_id uuid, member_id uuid, role text, language text, seen_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
  select s.id, s.account_id, s.workspace_id, m.id, m.role, coalesce(s.language, a.language), s.seen_at
  from sessions s
  join members m on m.workspace_id = s.workspace_id and m.account_id = s.account_id
  join accounts a on a.id = s.account_id
  where s.token_hash = p_hash and s.host = p_host and s.expires_at > p_at
$$;

-- A device is known to an account when it still holds a session of it, be it over.
create function is_known_device(p_hash bytea, p_account uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public as $$
  select exists (select from sessions s where s.token_hash = p_hash and s.account_id = p_account)
$$;

-- False when the account is not a member there.
create function start_session(
  p_hash bytea, p_id uuid, p_account uuid, p_workspace uuid, p_host text, p_user_agent text, p_language text, p_at timestamptz,
  p_expires timestamptz
) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  delete from sessions s where s.expires_at < p_at - interval '90 days';
  insert into sessions (token_hash, id, account_id, workspace_id, host, user_agent, language, created_at, seen_at, expires_at)
  select p_hash, p_id, m.account_id, m.workspace_id, p_host, p_user_agent, case when a.is_demo then p_language end,
    p_at, p_at, p_expires
  from members m join accounts a on a.id = m.account_id
  where m.account_id = p_account and m.workspace_id = p_workspace;
  return found;
end $$;

-- Of a session that has a language of its own.
create function speak_in_session(p_id uuid, p_language text) returns void
language sql security definer set search_path = pg_catalog, public as $$
  update sessions s set language = p_language where s.id = p_id and s.language is not null
$$;

create function touch_session(p_id uuid, p_at timestamptz, p_expires timestamptz) returns void
language sql security definer set search_path = pg_catalog, public as $$
  update sessions s set seen_at = p_at, expires_at = p_expires where s.id = p_id and s.expires_at > p_at
$$;

create function expire_session(p_id uuid, p_at timestamptz) returns void
language sql security definer set search_path = pg_catalog, public as $$
  update sessions s set expires_at = p_at where s.id = p_id and s.expires_at > p_at
$$;

-- Newest first, by key.
create function sessions_of_account(p_account uuid, p_before uuid, p_limit integer, p_at timestamptz, p_only uuid)
returns table (id uuid, user_agent text, created_at timestamptz, seen_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
  select s.id, s.user_agent, s.created_at, s.seen_at from sessions s
  where s.account_id = p_account and s.expires_at > p_at and (p_before is null or s.id < p_before)
    and (p_only is null or s.id = p_only)
    and exists (select from members m where m.account_id = p_account and m.workspace_id = current_workspace())
  order by s.id desc limit p_limit
$$;

create function end_session(p_account uuid, p_id uuid, p_at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  delete from sessions s where s.account_id = p_account and s.id = p_id and s.expires_at > p_at;
  return found;
end $$;

-- All of an account's sessions but one; `p_workspace` null means in every workspace.
create function end_sessions(p_account uuid, p_except uuid, p_workspace uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from sessions s where s.account_id = p_account and s.id is distinct from p_except
    and (p_workspace is null or s.workspace_id = p_workspace)
$$;

-- API keys ---------------------------------------------------------------------------------------------------------

create function key_by_hash(p_hash bytea)
returns table (workspace_id uuid, key_id uuid, scopes text[], language text, last_used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public as $$
  select k.workspace_id, k.id, k.scopes, w.language, k.last_used_at
  from api_keys k join workspaces w on w.workspace_id = k.workspace_id
  where k.hash = p_hash and k.revoked_at is null
$$;

-- One-time tokens --------------------------------------------------------------------------------------------------

create function keep_token(p_hash bytea, p_kind text, p_workspace uuid, p_data jsonb, p_at timestamptz, p_expires timestamptz)
returns void language sql security definer set search_path = pg_catalog, public as $$
  delete from one_time_tokens t where t.expires_at < p_at;
  insert into one_time_tokens (token_hash, kind, workspace_id, data, expires_at)
  values (p_hash, p_kind, p_workspace, p_data, p_expires)
$$;

create function peek_token(p_hash bytea, p_kind text, p_at timestamptz)
returns table (workspace_id uuid, data jsonb)
language sql stable security definer set search_path = pg_catalog, public as $$
  select t.workspace_id, t.data from one_time_tokens t
  where t.token_hash = p_hash and t.kind = p_kind and t.expires_at > p_at
$$;

-- Whoever deletes the row has the token: of two at once, one.
create function take_token(p_hash bytea, p_kind text, p_at timestamptz)
returns table (workspace_id uuid, data jsonb)
language sql security definer set search_path = pg_catalog, public as $$
  delete from one_time_tokens t
  where t.token_hash = p_hash and t.kind = p_kind and t.expires_at > p_at
  returning t.workspace_id, t.data
$$;

-- What a removed member has handed out opens nothing any more.
create function void_links_of_member(p_member uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from one_time_tokens t
  where t.workspace_id = current_workspace() and t.kind = 'member_link' and t.data ->> 'memberId' = p_member::text
$$;

-- The link of an earlier mail opens nothing any more.
create function void_invitation_links(p_invitation uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from one_time_tokens t
  where t.workspace_id = current_workspace() and t.kind = 'member_link' and t.data ->> 'invitationId' = p_invitation::text
$$;

-- How many unused links of a kind somebody has in their mail box.
create function count_account_links(p_account uuid, p_kind text, p_at timestamptz) returns integer
language sql stable security definer set search_path = pg_catalog, public as $$
  select count(*)::integer from one_time_tokens t
  where t.kind in ('password_link', 'sign_in_link') and t.data ->> 'accountId' = p_account::text and t.kind = p_kind
    and t.expires_at > p_at
$$;

-- Whoever sets a new password has no use for those that came by mail.
create function void_account_links(p_account uuid) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from one_time_tokens t
  where t.kind in ('password_link', 'sign_in_link') and t.data ->> 'accountId' = p_account::text
$$;

-- Throttling -------------------------------------------------------------------------------------------------------

-- Counts one attempt for each key and returns 0, or counts nothing and returns the seconds to wait. Each key has so
-- many free failures; every one beyond doubles the wait, up to a quarter of an hour; an hour of quiet forgets them.
create function try_sign_in(p_keys bytea[], p_free integer[], p_at timestamptz) returns integer
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  wait integer;
begin
  delete from sign_in_attempts a where a.last_at < p_at - interval '1 hour';
  insert into sign_in_attempts (key, failures, last_at)
  select k, 0, p_at from unnest(p_keys) k order by k on conflict do nothing;
  perform from sign_in_attempts a where a.key = any (p_keys) order by a.key for update;
  select coalesce(max(ceil(extract(epoch from
      a.last_at + least(900, power(2, least(a.failures - f.free, 20))) * interval '1 second' - p_at))), 0)
    into wait
    from unnest(p_keys, p_free) f (key, free) join sign_in_attempts a on a.key = f.key
    where a.failures >= f.free and a.failures > 0;
  if wait > 0 then return wait; end if;
  update sign_in_attempts a set failures = a.failures + 1, last_at = p_at where a.key = any (p_keys);
  return 0;
end $$;

-- The attempt was a right one: the account's own count ends, the address loses only this attempt.
create function forgive_sign_in(p_account_key bytea, p_address_key bytea) returns void
language sql security definer set search_path = pg_catalog, public as $$
  delete from sign_in_attempts a where a.key = p_account_key;
  update sign_in_attempts a set failures = greatest(0, a.failures - 1) where a.key = p_address_key
$$;

do $$
declare
  one regprocedure;
begin
  for one in select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname in (
      'current_workspace', 'member_accounts', 'default_workspace', 'workspace_of_host', 'workspace_home', 'hosts_of_workspace', 'give_host', 'take_host', 'workspace_by_slug', 'demo_workspace',
      'account_by_email', 'create_account', 'change_account', 'remove_stray_accounts', 'has_accounts', 'workspaces_of_account',
      'session_by_token', 'is_known_device', 'start_session', 'speak_in_session', 'touch_session', 'expire_session', 'sessions_of_account',
      'end_session', 'end_sessions', 'key_by_hash', 'keep_token', 'peek_token', 'take_token', 'void_links_of_member',
      'void_invitation_links', 'count_account_links', 'void_account_links',
      'try_sign_in', 'forgive_sign_in')
  loop
    execute format('revoke all on function %s from public', one);
    execute format('grant execute on function %s to lahko_app', one);
  end loop;
end $$;
