using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>What a request says of an agent or a group. What it does not say stays as it is.</summary>
/// <param name="Name">Its name for people; null where the request does not say, or says an empty one.</param>
/// <param name="Moves">Whether it says the group that it is under.</param>
/// <param name="Under">That group; null for none.</param>
internal sealed record NodeChange(string? Name, bool Moves, NodeId? Under)
{
    private const int LongestName = 200;
    private const int LongestReason = 500;

    public static NodeChange Read(JsonElement body) => new(NameOf(body), body.TryGetProperty("under", out _), UnderOf(body));

    /// <summary>Why a node is paused; null where the request does not say.</summary>
    public static string? ReasonOf(JsonElement body)
    {
        var reason = body.FindString("reason")?.Trim();
        if (reason is { Length: > LongestReason } || reason?.Any(char.IsControl) == true)
        {
            throw new BadRequestException($"'reason' has to be at most {LongestReason} characters without control characters.");
        }

        return string.IsNullOrEmpty(reason) ? null : reason;
    }

    private static string? NameOf(JsonElement body)
    {
        var name = body.FindString("name")?.Trim();
        if (name is { Length: > LongestName } || name?.Any(char.IsControl) == true)
        {
            throw new BadRequestException($"'name' has to be at most {LongestName} characters without control characters.");
        }

        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static NodeId? UnderOf(JsonElement body)
    {
        try
        {
            return body.FindString("under") is { } group ? new NodeId(group) : (NodeId?)null;
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException($"'under' is no id of a group. {exception.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
