using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Writes refusals without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class RefusalJson : JsonSerializerContext
{
    /// <summary>Without escapes that only HTML needs, as people read refusals in a terminal.</summary>
    public static RefusalJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>A provider's error envelope with what is ours beside it.</summary>
    public static byte[] Write(JsonObject envelope, Refusal refusal)
    {
        envelope["detail"] = refusal.Detail;
        refusal.Limit?.AddTo(envelope);
        if (refusal.Approval is { } approval)
        {
            envelope["approval_id"] = approval.Value;
        }

        return JsonSerializer.SerializeToUtf8Bytes(envelope, Readable.JsonObject);
    }
}
