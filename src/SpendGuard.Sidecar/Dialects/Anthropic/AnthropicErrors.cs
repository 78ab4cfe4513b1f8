using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Phrases refusals as Anthropic's API does.</summary>
internal static class AnthropicErrors
{
    public static ReadOnlyMemory<byte> Refuse(Refusal refusal)
    {
        var error = new JsonObject
        {
            ["type"] = refusal.Status switch
            {
                StatusCodes.Status402PaymentRequired => "billing_error",
                StatusCodes.Status403Forbidden => "permission_error",
                StatusCodes.Status404NotFound => "not_found_error",
                StatusCodes.Status409Conflict => "conflict_error",
                StatusCodes.Status413PayloadTooLarge => "request_too_large",
                StatusCodes.Status503ServiceUnavailable => "overloaded_error",
                >= 500 => "api_error",
                _ => "invalid_request_error",
            },
            ["message"] = refusal.ForClients,
        };
        if (refusal.Code is { } code)
        {
            error["details"] = new JsonObject { ["error_code"] = code };
        }

        return RefusalJson.Write(new JsonObject { ["type"] = "error", ["error"] = error }, refusal);
    }
}
