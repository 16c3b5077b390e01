/**
 * The routes about a tenant's connection to Microsoft 365 and what they answer, until the document of the API has them.
 */
import type { Schemas } from "./client";

/** How a tenant is connected. */
export interface ConnectionNow {
  /** The id of the organisation at Microsoft, once it is known. */
  organisation?: string | null;
  /** The operator has an application here to which an organisation can consent. */
  application: boolean;
  /** When Microsoft last gave a token after consent was asked for. */
  consented?: string | null;
  /** The domains that mail is taken for. */
  domains: string[];
  next_hop?: { host: string; port: number } | null;
  certificate?: CertificateSeen | null;
  /** The name to which Microsoft 365 sends. */
  smart_host: string;
  last_mail?: string | null;
  /** The newest message that was signed, among the last hundred. */
  last_signed?: string | null;
  /** What has to be there before the script can be made. */
  missing: string[];
}

export interface CertificateSeen {
  names: string[];
  issuer: string;
  not_after: string;
  /** How many certificates the chain has. */
  chain: number;
  /** The name in one of the tenant's domains, by which Microsoft knows the tenant. */
  accepted_name?: string | null;
  /** Sentences: what will not work, and what to do. */
  remarks: string[];
}

export interface DomainProof {
  domain: string;
  kind: string;
  record_name: string;
  record_value: string;
}

export interface OrganisationDomain {
  name: string;
  initial: boolean;
  default: boolean;
  mail: boolean;
  taken: boolean;
}

export interface Script {
  file_name: string;
  script: string;
}

export interface MailFlowCheck {
  check: string;
  /** The domain or the name that it is about; may be empty. */
  subject: string;
  outcome: string;
  found: string;
  advice?: string | null;
}

export interface MailFlowChecks {
  checked: string;
  checks: MailFlowCheck[];
}

type Json<T> = { content: { "application/json": T } };
type Answers<T> = { 200: Json<T> & { headers: Record<string, unknown> } };
type OfChange = { dry_run?: boolean; reason?: string };
type Of<Path, Query> = { path: Path; query?: Query; header?: never; cookie?: never };
type Tenant = { tenant: string };
type Get<T, Query = never> = { parameters: Of<Tenant, Query>; responses: Answers<T> };

export interface ConnectionRoutes {
  "/api/v1/tenants/{tenant}/connection": { get: Get<ConnectionNow> };
  "/api/v1/tenants/{tenant}/connection/proof": { get: Get<DomainProof, { domain: string }> };
  "/api/v1/tenants/{tenant}/connection/domains": {
    get: Get<{ domains: OrganisationDomain[] }>;
    post: {
      parameters: Of<Tenant, OfChange>;
      requestBody: Json<{ domain: string; next_hop?: string | null }>;
      responses: Answers<Schemas["Changed"]>;
    };
  };
  "/api/v1/tenants/{tenant}/connection/domains/{domain}": {
    delete: { parameters: Of<Tenant & { domain: string }, OfChange>; responses: Answers<Schemas["Changed"]> };
  };
  "/api/v1/tenants/{tenant}/connection/certificate": {
    put: {
      parameters: Of<Tenant, OfChange>;
      requestBody: Json<{ chain: string; key: string }>;
      responses: Answers<CertificateSeen>;
    };
  };
  "/api/v1/tenants/{tenant}/connection/script": {
    get: Get<Script, { pilot_group?: string }>;
  };
  "/api/v1/tenants/{tenant}/connection/removal": { get: Get<Script> };
  "/api/v1/tenants/{tenant}/connection/checks": { get: Get<MailFlowChecks> };
}
