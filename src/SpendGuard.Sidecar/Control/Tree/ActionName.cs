using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Storage;

namespace SpendGuard.Sidecar.Control.Tree;

/// <summary>What happens when a call does not fit, by the names that requests and answers have for it.</summary>
internal static class ActionName
{
    public static string Of(LimitAction action) => StoredNames.ToText(action);

    /// <summary>What a request says; null where it does not.</summary>
    /// <exception cref="BadRequestException">It is none of these.</exception>
    public static LimitAction? Find(JsonElement body, string name) => body.FindString(name) switch
    {
        null => null,
        "refuse" => LimitAction.Refuse,
        "pause" => LimitAction.Pause,
        "ask" => LimitAction.Ask,
        _ => throw new BadRequestException($"'{name}' has to be 'refuse', 'pause' or 'ask'."),
    };
}
