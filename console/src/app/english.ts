/** English texts whose words depend on a number; all others are their own keys. */
export const english: Record<string, string> = {
  "{{count}} people_one": "{{count}} person",
  "{{count}} people_other": "{{count}} people",
  "{{count}} groups_one": "{{count}} group",
  "{{count}} groups_other": "{{count}} groups",
  "{{count}} signatures_one": "{{count}} signature",
  "{{count}} signatures_other": "{{count}} signatures",
};
