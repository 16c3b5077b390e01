/**
 * Writes the types of the API, src/api/schema.d.ts, from the OpenAPI document: `npm run api`.
 *
 * The document names operations by their handlers, so that many are called `read` and `list`; the types are made by path
 * instead, where each is found for itself. What has a default may be left out, in what is sent and in what is answered.
 */
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const document = JSON.parse(await readFile(new URL("../docs/openapi.json", import.meta.url), "utf8"));
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) delete operation.operationId;
}
const types = COMMENT_HEADER + astToString(await openapiTS(document, { defaultNonNullable: false }));
await writeFile(new URL("src/api/schema.d.ts", import.meta.url), types);
