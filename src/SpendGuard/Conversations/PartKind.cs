namespace SpendGuard.Conversations;

/// <summary>What a part of a message is. The numbers are in fingerprints that stores keep.</summary>
internal enum PartKind
{
    Text = 1,
    ToolCall = 2,
    ToolResult = 3,
    Other = 4,
    Unseen = 5,
}
