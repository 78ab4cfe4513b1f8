using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.Anthropic;

/// <summary>Anthropic's error envelope.</summary>
internal static class AnthropicError
{
    public static JsonObject Envelope(int status, string message) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = status switch
            {
                400 => "invalid_request_error",
                401 => "authentication_error",
                404 => "not_found_error",
                429 => "rate_limit_error",
                503 or 529 => "overloaded_error",
                _ => "api_error",
            },
            ["message"] = message,
        },
        ["request_id"] = "req_simulated",
    };

    public static SimulatedRequest RequireModelAndMessages(SimulatedRequest request)
    {
        var model = request.Body["model"].Text();
        if (string.IsNullOrEmpty(model))
        {
            throw new RejectedRequestException(400, "model: Field required");
        }

        return request.Body["messages"] is JsonArray { Count: > 0 }
            ? request with { Model = model }
            : throw new RejectedRequestException(400, "messages: Field required");
    }
}
