using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>What a request says of OpenAI's prompt cache.</summary>
/// <remarks>A write for half an hour is in every worst case. A longer one costs twice that, and usage does not tell the two apart.</remarks>
internal static class OpenAICache
{
    /// <param name="parent">What the object is in.</param>
    /// <param name="name">Its name: <c>prompt_cache_options</c> in a request, <c>prompt_cache_breakpoint</c> in a part.</param>
    /// <exception cref="BadRequestException">It asks for a longer time.</exception>
    public static void Check(JsonElement parent, string name)
    {
        if (parent.Find(name)?.RequireObject(name).FindString("ttl") is not (null or "5m" or "30m"))
        {
            throw new BadRequestException($"'{name}' is refused: what is kept in the cache for so long has no price. Leave out its 'ttl', or set it to '30m'.");
        }
    }
}
