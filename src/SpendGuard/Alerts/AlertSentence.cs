namespace SpendGuard.Alerts;

/// <summary>Says an alert to people.</summary>
internal static class AlertSentence
{
    public static string Of(Alert alert) => OneLine(alert.Kind switch
    {
        AlertKind.LimitThreshold => $"{Limit(alert)} is used to {alert.Percent}%{Figures(alert)}.",
        AlertKind.Refused => $"A call{Caller(alert)} was refused: {Lower(Limit(alert))} is full{Figures(alert)}{Needed(alert)}.",
        AlertKind.Paused => $"'{alert.Node}' is paused{By(alert)}{Reason(alert)}. No call is made under it until it is resumed.",
        AlertKind.Resumed => $"'{alert.Node}' is resumed{By(alert)}{Reason(alert)}.",
        AlertKind.Overdrawn => $"{Limit(alert)} is overdrawn{Figures(alert)}{Caused(alert)}.",
        AlertKind.Forfeited => $"The hold of a call{Caller(alert)} was forfeited{Booked(alert)}{Reason(alert)}.",
        AlertKind.ApprovalRequested =>
            $"A call{Caller(alert)} asks for more than {Lower(Limit(alert))} has{Figures(alert)}{Needed(alert)}. Approval '{alert.ApprovalId}' waits for an answer.",
        _ => $"{alert.Kind} of '{alert.Node}'.",
    });

    private static string Limit(Alert alert) => alert.Limit is { } limit ? $"The limit '{limit}' of '{alert.Node}'" : $"The budget of '{alert.Node}'";

    private static string Figures(Alert alert) =>
        alert is { Granted: { } granted, Spent: { } spent } ? $", with {spent} spent{Held(alert)} of {granted}" : "";

    private static string Held(Alert alert) => alert.Held is { } held && held > Money.Zero ? $" and {held} held" : "";

    private static string Needed(Alert alert) => alert.Required is { } required ? $"; it needs at least {required}" : "";

    private static string Booked(Alert alert) => alert.Required is { } booked ? $", {booked} booked as spent" : "";

    private static string Caller(Alert alert) =>
        (alert.Agent is { } agent ? $" of agent '{agent}'" : "") + (alert.Model is { } model ? $" to {model}" : "") + (alert.Run is { } run ? $" in run '{run}'" : "");

    private static string Caused(Alert alert) => Caller(alert) is { Length: > 0 } caller ? $" by a call{caller}" : "";

    private static string By(Alert alert) => alert.By is { Length: > 0 } by ? $" by {by}" : "";

    private static string Reason(Alert alert) => alert.Reason is { Length: > 0 } reason ? $": {reason.TrimEnd('.')}" : "";

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];

    /// <summary>A reason is written by people, and a log is read line by line.</summary>
    private static string OneLine(string sentence) => string.Create(sentence.Length, sentence, static (line, text) =>
    {
        for (var at = 0; at < text.Length; at++)
        {
            line[at] = char.IsControl(text[at]) || text[at] is '\u2028' or '\u2029' ? ' ' : text[at];
        }
    });
}
