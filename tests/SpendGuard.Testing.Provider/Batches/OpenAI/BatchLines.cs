using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.OpenAI;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>The lines of a batch's files.</summary>
internal static class BatchLines
{
    private const int MostRequests = 50_000;

    /// <summary>The requests in a file, and what is wrong with it; whether a request is one that is served, is found out when its turn comes.</summary>
    public static (IReadOnlyList<(string Id, JsonObject Body)> Requests, IReadOnlyList<JsonObject> Faults) Read(
        byte[] content, string endpoint, bool severalModels)
    {
        var requests = new List<(string Id, JsonObject Body)>();
        var faults = new List<JsonObject>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        string? model = null;
        var number = 0;
        foreach (var text in Encoding.UTF8.GetString(content).TrimEnd('\r', '\n').Split('\n'))
        {
            number++;
            var line = RequestJson.Parse(Encoding.UTF8.GetBytes(text));
            var fault = Fault(line, endpoint);
            if (fault is null && !ids.Add(line!["custom_id"].Text()!))
            {
                fault = ("duplicate_custom_id", "custom_id", "The custom_id of this line is that of another one.");
            }

            if (fault is null && (line!["body"]!["model"].Text() is var named && (model ??= named) != named && !severalModels))
            {
                fault = ("mismatched_model", "body.model", "All requests of a batch have to name the same model.");
            }

            if (fault is var (code, param, message))
            {
                faults.Add(new() { ["code"] = code, ["line"] = number, ["message"] = message, ["param"] = param });
                continue;
            }

            requests.Add((line!["custom_id"].Text()!, line["body"]!.AsObject()));
        }

        if (content.Length == 0 || number > MostRequests)
        {
            faults.Add(new() { ["code"] = content.Length == 0 ? "empty_file" : "too_many_tasks", ["line"] = null, ["message"] = "A batch has 1 to 50,000 requests.", ["param"] = null });
        }

        return (requests, faults);
    }

    /// <summary>A line of results.</summary>
    public static string Result(string id, BatchResult result) => new JsonObject
    {
        ["id"] = id,
        ["custom_id"] = result.Id,
        ["response"] = result.Outcome switch
        {
            BatchOutcome.Succeeded => Response(id, 200, result.Answer!),
            BatchOutcome.Errored when result.Rejected is { } rejected =>
                Response(id, rejected.Status, OpenAIError.Envelope(rejected.Status, rejected.Message, rejected.Param, rejected.Code)),
            BatchOutcome.Errored => Response(id, 400, OpenAIError.Envelope(400, "It is not a request that is served.", null, null)),
            _ => null,
        },
        ["error"] = result.Outcome switch
        {
            BatchOutcome.Expired => Error("batch_expired", "This request could not be executed before the completion window expired."),
            BatchOutcome.Canceled => Error("batch_cancelled", "The batch was cancelled before this request was executed."),
            _ => null,
        },
    }.ToJsonString() + "\n";

    private static (string Code, string? Param, string Message)? Fault(JsonObject? line, string endpoint)
    {
        if (line is null)
        {
            return ("invalid_json_line", null, "This line is not parseable as valid JSON.");
        }

        if (string.IsNullOrEmpty(line["custom_id"].Text()))
        {
            return ("missing_required_parameter", "custom_id", "Missing required parameter: 'custom_id'.");
        }

        if (line["method"].Text() != "POST")
        {
            return ("invalid_method", "method", "The method has to be POST.");
        }

        if (line["url"].Text() != endpoint)
        {
            return ("invalid_url", "url", "The URL has to be the endpoint of the batch.");
        }

        return line["body"] is not JsonObject body ? ("missing_required_parameter", "body", "Missing required parameter: 'body'.")
            : body["stream"].IsTrue() ? ("invalid_request", "body.stream", "A batch does not stream.")
            : null;
    }

    private static JsonObject Response(string id, int status, JsonObject body) =>
        new() { ["status_code"] = status, ["request_id"] = id["batch_".Length..], ["body"] = body.DeepClone() };

    private static JsonObject Error(string code, string message) => new() { ["code"] = code, ["message"] = message };
}
