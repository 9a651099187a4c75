// Reads a calendar from standard input with ical.js, the parser of Thunderbird; prints its events as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(new ICAL.Timezone(zone));
}
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    starts: event.startDate.toJSDate().toISOString().slice(0, 19) + "Z",
    ends: event.endDate.toJSDate().toISOString().slice(0, 19) + "Z",
    wall: event.startDate.toString(),
    summary: event.summary,
    status: component.getFirstPropertyValue("status"),
    sequence: event.sequence,
    location: event.location,
  };
});
process.stdout.write(JSON.stringify(events));
