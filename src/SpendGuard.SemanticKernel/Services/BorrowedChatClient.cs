using Microsoft.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>A client that someone else disposes.</summary>
internal sealed class BorrowedChatClient(IChatClient owned) : DelegatingChatClient(owned)
{
    protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
}
