using SpendGuard.Cli.Agents;
using SpendGuard.Cli.Connection;
using SpendGuard.Cli.Output;

namespace SpendGuard.Cli.Ledger;

/// <summary>An entry as a line of a terminal that is 80 columns wide, for who looks on as they come.</summary>
internal static class FollowedLine
{
    public static string Of(LedgerEntryView entry, AgentNames names)
    {
        var agent = entry.AgentId is { } id ? names.InShort(id) : entry.GroupId ?? "";
        var model = entry.Model ?? entry.Limit ?? entry.Under ?? entry.Reason ?? "";
        return $"{entry.At.UtcDateTime:MM-dd HH:mm:ss}  {entry.Kind,-14}  {Cut(agent, 12),-12}  {Cut(model, 22),-22}  {Dollars.OfMicrocents(entry.AmountMicrocents),11}";
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";
}
