using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>The form in which a whole answer goes back to the caller.</summary>
internal interface IAnswerForm
{
    /// <summary>Whether the answer goes back as the provider gave it, with its status, headers and bytes.</summary>
    bool IsNative { get; }

    /// <summary>Puts an answer into the form.</summary>
    /// <param name="call">The call.</param>
    /// <param name="status">The provider's status.</param>
    /// <param name="body">The provider's body.</param>
    /// <param name="settlement">How the call ended for the budget.</param>
    (int Status, ReadOnlyMemory<byte> Body) Shape(Call call, int status, ReadOnlyMemory<byte> body, Settlement settlement);
}
