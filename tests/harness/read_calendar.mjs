// Reads calendars with Thunderbird's parser: a JSON list of iCalendar texts comes in, what it understood goes out.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const understood = JSON.parse(readFileSync(0, "utf8")).map((text) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const [event, ...more] = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
  const person = event.component.getFirstProperty("attendee");
  return {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    sequence: event.sequence,
    status: event.component.getFirstPropertyValue("status"),
    starts: event.startDate.toJSDate().toISOString(),
    ends: event.endDate.toJSDate().toISOString(),
    attendee: person.getFirstValue(),
    answer: person.getParameter("partstat") ?? "",
    organizer: event.organizer,
    more: more.length,
  };
});
process.stdout.write(JSON.stringify(understood));
