using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>OpenAI's error envelope.</summary>
internal static class OpenAIError
{
    public static JsonObject Envelope(int status, string message, string? param, string? code) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = message,
            ["type"] = status switch
            {
                429 => "rate_limit_exceeded",
                >= 500 => "server_error",
                _ => "invalid_request_error",
            },
            ["param"] = param,
            ["code"] = code ?? status switch
            {
                401 => "invalid_api_key",
                429 => "rate_limit_exceeded",
                _ => null,
            },
        },
    };

    public static string RequireModel(JsonObject body)
    {
        var model = body["model"].Text();
        return string.IsNullOrEmpty(model)
            ? throw new RejectedRequestException(400, "you must provide a model parameter")
            : model;
    }

    public static long? Cap(JsonObject body, string name)
    {
        var cap = body.WholeNumber(name);
        return cap is < 1
            ? throw new RejectedRequestException(400, $"Invalid '{name}': integer below minimum value.") { Param = name }
            : cap;
    }
}
