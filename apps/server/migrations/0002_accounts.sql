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

create table sessions (
  token_hash bytea primary key,
  id uuid not null unique,
  account_id uuid not null references accounts on delete cascade,
  workspace_id uuid not null references workspaces on delete cascade,
  host text not null,
  user_agent text not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_account on sessions (account_id);
create index sessions_workspace on sessions (workspace_id);

-- Handed out once: a link for a new member, a hand-over of a session to another host.
create table one_time_tokens (
  token_hash bytea primary key,
  kind text not null check (kind in ('member_link', 'hand_over', 'sign_up')),
  workspace_id uuid references workspaces on delete cascade,
  data jsonb not null,
  expires_at timestamptz not null
);
create index one_time_tokens_workspace on one_time_tokens (workspace_id);

create table sign_in_attempts (
  key bytea primary key,
  failures integer not null,
  last_at timestamptz not null
);

create table members (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  account_id uuid not null references accounts on delete cascade,
  role text not null check (role in ('owner', 'manager', 'agent', 'viewer')),
  created_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, account_id)
);
select protect_tenant_table('members');
create index members_account on members (account_id);

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
  content bytea not null check (octet_length(content) <= 262144)
);
select protect_tenant_table('workspace_logos');
