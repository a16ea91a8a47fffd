-- The customer's side of the help desk: the contact form with its fields, and the pages of one's own requests.

-- The form of a workspace; without a row it is closed.
create table contact_forms (
  workspace_id uuid primary key references workspaces on delete cascade,
  open boolean not null default false,
  -- { en?, sl?, nb? }
  intro jsonb not null default '{}',
  -- [{ name, label: { en?, sl?, nb? } }]: what stands on the ticket, and what customers read where it is said otherwise.
  topics jsonb not null default '[]',
  -- With what the one-time tokens of forms are signed, so that nobody can make one.
  form_key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);
select protect_tenant_table('contact_forms');

-- What a workspace wants to know of a ticket besides its text. One that was removed keeps its values.
create table ticket_fields (
  workspace_id uuid not null references workspaces on delete cascade,
  id uuid not null,
  -- For members.
  name text not null,
  -- For customers, where it is said otherwise: { en?, sl?, nb? }
  label jsonb not null default '{}',
  kind text not null check (kind in ('text', 'number', 'date', 'choice', 'yes_no')),
  -- Of a choice: [{ value, label: { en?, sl?, nb? } }]
  choices jsonb not null default '[]',
  -- Asked for only with these; empty: with all.
  topics text[] not null default '{}',
  on_form text not null default 'no' check (on_form in ('no', 'optional', 'required')),
  required_on_solving boolean not null default false,
  position integer not null,
  removed_at timestamptz,
  created_at timestamptz not null,
  primary key (workspace_id, id)
);
select protect_tenant_table('ticket_fields');
create index ticket_fields_order on ticket_fields (workspace_id, position, id) where removed_at is null;

-- Rows, so that lists can be filtered by an index. As text: 2026-11-26, 12.5, yes.
create table ticket_field_values (
  workspace_id uuid not null,
  ticket_id uuid not null,
  field_id uuid not null,
  value text not null,
  primary key (workspace_id, ticket_id, field_id),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade,
  foreign key (workspace_id, field_id) references ticket_fields (workspace_id, id) on delete cascade
);
select protect_tenant_table('ticket_field_values');
create index ticket_field_values_value on ticket_field_values (workspace_id, field_id, md5(value));

-- What came of each form that customers sent, by its one-time token: the same form twice is one message. Kept for a
-- month, as long as a form is good.
create table sent_forms (
  workspace_id uuid not null,
  token_hash bytea not null,
  ticket_id uuid not null,
  at timestamptz not null,
  primary key (workspace_id, token_hash),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('sent_forms');
create index sent_forms_age on sent_forms (workspace_id, at);
create index sent_forms_ticket on sent_forms (workspace_id, ticket_id);

-- Files of a form that came back because something was missing: kept for a day, so that nobody chooses them again.
create table kept_uploads (
  workspace_id uuid not null,
  token_hash bytea not null,
  file_id uuid not null,
  at timestamptz not null,
  primary key (workspace_id, token_hash, file_id),
  foreign key (workspace_id, file_id) references files (workspace_id, id) on delete cascade
);
select protect_tenant_table('kept_uploads');
create index kept_uploads_file on kept_uploads (workspace_id, file_id);
create index kept_uploads_age on kept_uploads (workspace_id, at);

-- One-time links by mail to one's own requests.
create table customer_links (
  workspace_id uuid not null references workspaces on delete cascade,
  token_hash bytea not null,
  address text not null check (address = lower(address)),
  -- Where it leads; null: to all of them.
  ticket_id uuid,
  expires_at timestamptz not null,
  primary key (workspace_id, token_hash),
  foreign key (workspace_id, ticket_id) references tickets (workspace_id, id) on delete cascade
);
select protect_tenant_table('customer_links');
create index customer_links_address on customer_links (workspace_id, address);
create index customer_links_ticket on customer_links (workspace_id, ticket_id) where ticket_id is not null;
create index customer_links_age on customer_links (workspace_id, expires_at);

-- Customers who are signed in to their own requests, on one host.
create table customer_sessions (
  workspace_id uuid not null,
  token_hash bytea not null,
  customer_id uuid not null,
  -- By which they signed in.
  address text not null,
  host text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (workspace_id, token_hash),
  foreign key (workspace_id, customer_id) references customers (workspace_id, id) on delete cascade
);
select protect_tenant_table('customer_sessions');
create index customer_sessions_customer on customer_sessions (workspace_id, customer_id);
create index customer_sessions_age on customer_sessions (workspace_id, expires_at);
