using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>The provider's answer as it is.</summary>
internal sealed class NativeForm : IAnswerForm
{
    public static NativeForm Instance { get; } = new();

    public bool IsNative => true;

    public (int Status, ReadOnlyMemory<byte> Body) Shape(Call call, int status, ReadOnlyMemory<byte> body, Settlement settlement) => (status, body);
}
