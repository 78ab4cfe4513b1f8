using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>
/// What tools are referred to in a conversation. A reference is expanded into the tool's definition, and whether once or at each place is not
/// published: the definition counts at each.
/// </summary>
internal static class AnthropicToolReferences
{
    /// <summary>The definitions that are referred to again: all but the first time, for which a tool counts where it is defined.</summary>
    public static IEnumerable<JsonElement> Again(JsonElement body)
    {
        var names = new List<string>();
        foreach (var message in body.FindArray("messages"))
        {
            AddNames(message, names);
        }

        if (names.Count == 0)
        {
            return [];
        }

        var tools = body.FindArray("tools").ToLookup(tool => tool.FindString("name"), StringComparer.Ordinal);
        return names.GroupBy(name => name, StringComparer.Ordinal).SelectMany(references => references.Skip(1).SelectMany(name => tools[name]));
    }

    private static void AddNames(JsonElement json, List<string> names)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    AddNames(item, names);
                }

                break;
            case JsonValueKind.Object:
                if (json.Find("type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("tool_reference"))
                {
                    names.AddRange(((string?[])[json.FindString("tool_name"), json.FindString("name")]).OfType<string>());
                }

                foreach (var field in json.EnumerateObject())
                {
                    AddNames(field.Value, names);
                }

                break;
        }
    }
}
