namespace SpendGuard.Examples.MinimalApi;

internal sealed record Question(string Text);

internal sealed record Answer(string Text);

internal sealed record Left(string Spent, string Remaining);
