using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Counting;

/// <summary>
/// JSON with no blanks and the fewest escapes. System.Text.Json escapes what lies beyond the basic plane under any setting,
/// and a model that read "\ud83d\ude00" for an emoji would bill more tokens than the client sent bytes.
/// </summary>
internal static class CompactJson
{
    public static string Write(JsonNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                AppendAll(text, '{', '}', members, member =>
                {
                    AppendString(text, member.Key);
                    text.Append(':');
                    Append(text, member.Value);
                });
                break;
            case JsonArray items:
                AppendAll(text, '[', ']', items, item => Append(text, item));
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                AppendString(text, value.GetValue<string>());
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, char close, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            append(item);
        }

        text.Append(close);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4")),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
