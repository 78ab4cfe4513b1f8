using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>Writes what is zero the way a provider was told to.</summary>
internal static class QuirkedJson
{
    public static JsonObject Quirked(this JsonObject json, UsageQuirks quirks, params ReadOnlySpan<string> always)
    {
        foreach (var name in json.Select(member => member.Key).ToList())
        {
            var value = json[name];
            var isZero = value is JsonValue number && number.TryGetValue<long>(out var count) && count == 0;
            var isEmpty = value is JsonObject { Count: 0 };
            if (value is null || !(isZero || isEmpty) || always.Contains(name))
            {
                continue;
            }

            if (quirks.HasFlag(UsageQuirks.NullForZero))
            {
                json[name] = null;
            }
            else if (quirks.HasFlag(UsageQuirks.NothingForZero))
            {
                json.Remove(name);
            }
        }

        return json;
    }
}
