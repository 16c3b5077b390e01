/** English texts whose words depend on a number; all others are their own keys. */
export const english: Record<string, string> = {
  "{{count, number}} people_one": "{{count, number}} person",
  "{{count, number}} people_other": "{{count, number}} people",
  "{{count, number}} groups_one": "{{count, number}} group",
  "{{count, number}} groups_other": "{{count, number}} groups",
  "switched on, of {{count}} signatures_one": "switched on, of {{count}} signature",
  "switched on, of {{count}} signatures_other": "switched on, of {{count}} signatures",
  "{{count, number}} entries before it are in order._one": "{{count, number}} entry before it is in order.",
  "{{count, number}} entries before it are in order._other": "{{count, number}} entries before it are in order.",
  "{{count, number}} entries, each sealed to the one before it._one": "{{count, number}} entry.",
  "{{count, number}} entries, each sealed to the one before it._other":
    "{{count, number}} entries, each sealed to the one before it.",
  "{{count}} need a look_one": "{{count}} needs a look",
  "{{count}} need a look_other": "{{count}} need a look",
  "{{count}} pictures are not there and would be left out._one":
    "{{count}} picture is not there and would be left out.",
  "{{count}} pictures are not there and would be left out._other":
    "{{count}} pictures are not there and would be left out.",
};
