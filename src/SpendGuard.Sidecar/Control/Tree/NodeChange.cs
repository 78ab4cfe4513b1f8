using System.Text.Json;
using SpendGuard.Budgets;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Control.Names;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>What a request says of an agent or a group. What it does not say stays as it is.</summary>
/// <param name="Name">Its name for people; null where the request does not say, or says an empty one.</param>
/// <param name="Moves">Whether it says the group that it is under.</param>
/// <param name="Under">That group; null for none.</param>
/// <param name="UniqueName">Whether nobody else may have the name.</param>
internal sealed record NodeChange(string? Name, bool Moves, NodeId? Under, bool UniqueName)
{
    private const int LongestName = 200;
    private const int LongestReason = 500;

    /// <exception cref="BadRequestException">The body is none of a change; or several groups may be meant by what it is to be under, 409.</exception>
    public static async ValueTask<NodeChange> ReadAsync(Admission caller, JsonElement body, CancellationToken cancellationToken) =>
        new(NameOf(body), body.TryGetProperty("under", out _), await UnderAsync(caller, body, cancellationToken), body.FindBoolean("unique_name"));

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

    private static async ValueTask<NodeId?> UnderAsync(Admission caller, JsonElement body, CancellationToken cancellationToken)
    {
        if (body.FindString("under") is not { } group)
        {
            return null;
        }

        try
        {
            return await MeantNode.FindAsync(caller, group, NodeKind.Group, cancellationToken) is { } meant ? meant.Id : new NodeId(group);
        }
        catch (ArgumentException exception)
        {
            throw new BadRequestException($"'under' is no id of a group. {exception.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
