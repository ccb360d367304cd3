"""Data augmentation by transforms.Compose: the same seed gives the same crops and flips."""


def main(torch, transforms, numpy):
    picture = (numpy.arange(32 * 32 * 3).reshape(32, 32, 3) * 7 % 256).astype("uint8")
    pipeline = transforms.Compose(
        [
            transforms.ToTensor(),
            transforms.RandomCrop(32, padding=4),
            transforms.RandomHorizontalFlip(),
            transforms.Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        ]
    )
    torch.manual_seed(0)
    for _ in range(4):
        image = pipeline(picture)
        print(tuple(image.shape), f"{image.mean().item():.5f}", image[1, 10, 10:14])
