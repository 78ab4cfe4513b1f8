using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace SpendGuard.Testing.Provider.Wire.Gemini;

/// <summary>The fields of an answer that a caller of Google's APIs wants to see. What it costs is the same.</summary>
internal sealed class FieldMask
{
    private readonly IReadOnlyList<string[]> _paths;

    private FieldMask(IReadOnlyList<string[]> paths) => _paths = paths;

    public static FieldMask Of(SimulatedRequest request)
    {
        var query = QueryHelpers.ParseQuery(request.Query);
        var mask = request.Headers.TryGetValue("x-goog-fieldmask", out var header) ? header
            : query.TryGetValue("fields", out var fields) ? fields.ToString()
            : query.TryGetValue("$fields", out var system) ? system.ToString()
            : "*";
        return new([.. mask.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(path => path.Split('.', '/'))]);
    }

    public JsonObject Apply(JsonObject answer) => (JsonObject)Keep(answer, _paths);

    private static JsonNode Keep(JsonNode node, IReadOnlyList<string[]> paths)
    {
        if (paths.Any(path => path is [] or ["*"]))
        {
            return node.DeepClone();
        }

        return node switch
        {
            JsonArray list => new JsonArray([.. list.Select(item => item is null ? null : Keep(item, paths))]),
            JsonObject fields => new JsonObject(
                from field in fields
                let below = paths.Where(path => path[0] == field.Key).Select(path => path[1..]).ToList()
                where below.Count > 0 && field.Value is not null
                select KeyValuePair.Create<string, JsonNode?>(field.Key, Keep(field.Value!, below))),
            _ => node.DeepClone(),
        };
    }
}
