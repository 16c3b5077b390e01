/** English texts whose words depend on a number; all others are their own keys. */
export const english: Record<string, string> = {
  "{{count}} people_one": "{{count}} person",
  "{{count}} people_other": "{{count}} people",
  "{{count}} groups_one": "{{count}} group",
  "{{count}} groups_other": "{{count}} groups",
  "switched on, of {{count}} signatures_one": "switched on, of {{count}} signature",
  "switched on, of {{count}} signatures_other": "switched on, of {{count}} signatures",
  "{{count}} signatures_one": "{{count}} signature",
  "{{count}} signatures_other": "{{count}} signatures",
};
