using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Counting;

/// <summary>A request's input tokens, and how many of them the request itself asks to be cached.</summary>
internal sealed record InputCount(long Tokens, long CacheWrite = 0, long CacheWriteOneHour = 0)
{
    /// <summary>With fields that count today to nobody, whose JSON is put to the model.</summary>
    public InputCount With(IReadOnlyList<string> fields, JsonObject body, CountingRules rules) =>
        this with { Tokens = Tokens + fields.Sum(field => rules.Json(body[field])) };
}
